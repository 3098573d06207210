import { IconAlertTriangle, IconCircleCheck, IconClock, IconHandStop, IconInfoCircle, IconUser } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';

import type { Schemas } from '~/api/client';

import type { Why } from './queries';
import type { Trace } from './trace';
import classes from './WhyCard.module.css';

type Tone = 'good' | 'warn' | 'bad' | 'plain';
type Outcome = Schemas['Outcome'];

const TONES: Record<Outcome, Tone> = {
  answered: 'good',
  undelivered: 'bad',
  handed_over: 'warn',
  human: 'plain',
  paused: 'warn',
  inactive: 'warn',
  no_agent: 'warn',
  standby: 'plain',
  opted_out: 'plain',
  blocked: 'plain',
  over_budget: 'warn',
  loop: 'warn',
  not_a_question: 'plain',
};
const ICONS = { good: IconCircleCheck, warn: IconHandStop, bad: IconAlertTriangle, plain: IconInfoCircle };

/** How it ended, in a plain sentence. */
export function Verdict({ why, trace, agentName }: { why: Why; trace: Trace; agentName?: string }) {
  const { t } = useTranslation('why');
  const { message, outcome, turn } = why;
  const agent = agentName ?? t('agent');

  if (message.direction === 'outbound') {
    const who = message.sent_by?.name ?? t('somebody');
    const hasFailed = message.status === 'failed';
    const Icon = hasFailed ? IconAlertTriangle : message.author === 'agent' ? IconCircleCheck : IconUser;
    return (
      <div className={classes.verdict} data-tone={hasFailed ? 'bad' : message.author === 'agent' ? 'good' : 'plain'}>
        <Icon size={20} aria-hidden />
        <div>
          <div className={classes.sentence}>{t(`author.${message.author}`, { who, agent })}</div>
          {message.author === 'agent' && trace.source && <div className={classes.because}>{t(`source.${trace.source}`)}</div>}
          {trace.hand_over && <HandOver reason={trace.hand_over} />}
          {message.status && <div className={classes.because}>{t(`status.${message.status}`)}</div>}
        </div>
      </div>
    );
  }
  if (!outcome) {
    const state = turn?.status === 'replied' ? 'onItsWay' : 'thinking';
    return (
      <div className={classes.verdict}>
        <IconClock size={20} aria-hidden />
        <div>
          <div className={classes.sentence}>{t(`open.${state}`, { agent })}</div>
          {!turn && why.explanation && <div className={classes.because}>{why.explanation}</div>}
        </div>
      </div>
    );
  }
  const tone = TONES[outcome] ?? 'plain';
  const Icon = ICONS[tone];
  const reason = why.outcome_reason ?? trace.reason;
  return (
    <div className={classes.verdict} data-tone={tone}>
      <Icon size={20} aria-hidden />
      <div>
        <div className={classes.sentence}>{outcome in TONES ? t(`outcome.${outcome}`, { agent }) : why.explanation}</div>
        {outcome === 'answered' && trace.source && trace.source !== 'model' && <div className={classes.because}>{t(`source.${trace.source}`)}</div>}
        {trace.hand_over && outcome !== 'handed_over' && <HandOver reason={trace.hand_over} />}
        {reason && (
          <div className={classes.because}>
            {t('reason')} <bdi>{reason}</bdi>
          </div>
        )}
      </div>
    </div>
  );
}

function HandOver({ reason }: { reason: string }) {
  const { t } = useTranslation('why');
  return (
    <div className={classes.because}>
      {t('handOver')} <bdi>{reason}</bdi>
    </div>
  );
}
