import {
  IconAlertCircle,
  IconBrain,
  IconBulb,
  IconCheck,
  IconChecks,
  IconMessage,
  IconPencil,
  IconRefresh,
  IconSend2,
} from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';

import { clockTime, dateTime, duration } from '~/parts/time';

import type { Send, Step, StepKind } from './queries';
import classes from './Timeline.module.css';
import { inOrder } from './trace';

const ICONS: Record<StepKind, typeof IconCheck> = {
  received: IconMessage,
  written: IconPencil,
  turn_started: IconBrain,
  restarted: IconRefresh,
  decided: IconBulb,
  released: IconSend2,
  accepted: IconCheck,
  delivered: IconChecks,
  read: IconChecks,
  failed: IconAlertCircle,
};

/** What happened, in its order, with the time that each step took. */
export function Timeline({ steps: told, sends }: { steps: Step[]; sends: Send[] }) {
  const { t } = useTranslation('why');
  const steps = inOrder(told);
  if (steps.length === 0) return null;
  const bubbles = sends.map((send) => send.message_id);
  return (
    <section className={classes.section}>
      <h3>{t('timeline')}</h3>
      <ol className={classes.steps}>
        {steps.map((step, at) => {
          const Icon = ICONS[step.step] ?? IconMessage;
          const before = steps[at - 1];
          const took = before ? Date.parse(step.at) - Date.parse(before.at) : 0;
          const bubble = bubbles.length > 1 ? bubbles.indexOf(step.message_id) + 1 : 0;
          return (
            // Two bubbles may have the same step at the same time.
            <li key={`${step.step} ${step.message_id}`} data-step={step.step}>
              <span className={classes.icon}>
                <Icon size={14} aria-hidden />
              </span>
              <span className={classes.what}>
                {step.step in ICONS ? t(`step.${step.step}`) : step.what}
                {bubble > 0 && <span className={classes.quiet}> {t('bubble', { number: bubble })}</span>}
                {step.step === 'failed' && step.what && <span className={classes.detail}>{step.what}</span>}
              </span>
              <span className={classes.when}>
                <time dateTime={step.at} title={dateTime(step.at)}>
                  {clockTime(step.at)}
                </time>
                {took > 0 && <span className={classes.took}>+{duration(took)}</span>}
              </span>
            </li>
          );
        })}
      </ol>
    </section>
  );
}
