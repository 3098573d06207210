import { IconSend2 } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';

import { Ticks } from '~/inbox/bubbles/Ticks';
import type { Message } from '~/inbox/queries';
import { flat } from '~/inbox/format/parse';
import { clockTime, dateTime } from '~/parts/time';

import type { Why } from './queries';
import classes from './Rows.module.css';

/** What was sent because of it, how often it was tried, and what WhatsApp charges for it. */
export function Sends({ why: { message, turn, sends }, onGoTo }: { why: Why; onGoTo: (messageId: string) => void }) {
  const { t } = useTranslation('why');
  if (sends.length === 0) return null;
  const bubbles: Message[] = [...(turn?.sends ?? []), message];
  return (
    <section className={classes.section}>
      <h3>{t('sends')}</h3>
      <ol className={classes.list}>
        {sends.map((send) => {
          const bubble = bubbles.find((one) => one.id === send.message_id);
          return (
            <li key={send.message_id}>
              <IconSend2 size={16} aria-hidden />
              <div className={classes.words}>
                {bubble && bubble.id !== message.id && (
                  <button type="button" className={classes.go} onClick={() => onGoTo(bubble.id)}>
                    <bdi>{flat(bubble.text?.slice(0, 160) ?? '') || bubble.type}</bdi>
                  </button>
                )}
                <span>{send.result || (send.status && t(`status.${send.status}`))}</span>
                {bubble && bubble.sends > 1 && <span className={classes.quiet}>{t('attempts', { count: bubble.sends })}</span>}
                {bubble && <Charge bubble={bubble} />}
              </div>
              <span className={classes.when}>
                <Ticks status={send.status} />
                {send.at && (
                  <time dateTime={send.at} title={dateTime(send.at)}>
                    {clockTime(send.at)}
                  </time>
                )}
              </span>
            </li>
          );
        })}
      </ol>
    </section>
  );
}

/** Whether Meta charges for a bubble, and as what. */
function Charge({ bubble: { pricing } }: { bubble: Message }) {
  const { t } = useTranslation('why');
  if (pricing?.billable == null) return null;
  return (
    <span className={classes.quiet}>
      {t(pricing.billable ? 'charged' : 'free')} {pricing.category && <bdi>({pricing.category.replaceAll('_', ' ')})</bdi>}
    </span>
  );
}
