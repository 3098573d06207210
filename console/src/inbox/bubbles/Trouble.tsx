import { IconAlertTriangle, IconInfoCircle } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';

import { useChat } from '../chat/actions';
import type { Message } from '../queries';
import { failureOf } from './failure';
import classes from './Trouble.module.css';

/** Ends of a customer's message that somebody should know of. */
const TOLD = ['undelivered', 'handed_over', 'paused', 'inactive', 'no_agent', 'standby', 'opted_out', 'blocked', 'over_budget', 'loop'] as const;
type ToldOutcome = (typeof TOLD)[number];

const isTold = (outcome: Message['outcome']): outcome is ToldOutcome => TOLD.some((told) => told === outcome);

/** What is wrong with a message, and what to do about it; nothing where all is well. */
export function Trouble({ message }: { message: Message }) {
  const { t } = useTranslation('inbox');
  const { why } = useChat();
  if (message.direction === 'outbound') return <NotDelivered message={message} />;
  if (!isTold(message.outcome)) return null;
  return (
    <button type="button" className={classes.trouble} data-grave={message.outcome === 'undelivered' || undefined} onClick={() => why(message)}>
      <IconInfoCircle size={14} aria-hidden />
      <span>{t(`outcome.${message.outcome}`)}</span>
    </button>
  );
}

function NotDelivered({ message }: { message: Message }) {
  const { t } = useTranslation('inbox');
  const { why } = useChat();
  const failure = failureOf(message);
  const hasFailed = message.status === 'failed';
  const waits = message.status === 'queued' || message.status === 'unsettled';
  if (!hasFailed && !(waits && failure)) return null;
  return (
    <div className={classes.failure} data-grave={hasFailed || undefined}>
      <IconAlertTriangle size={15} aria-hidden />
      <div>
        <b>{t(hasFailed ? 'failure.title' : 'failure.waits')}</b>{' '}
        {failure?.advice ? t(`failure.${failure.advice}`) : (failure?.said ?? t('failure.unknown'))}
        {failure?.advice && failure.said && (
          <div className={classes.said}>
            <bdi>{failure.said}</bdi>
            {typeof failure.code === 'number' && ` (${failure.code})`}
          </div>
        )}
        <button type="button" className={classes.more} onClick={() => why(message)}>
          {t('bubble.why')}
        </button>
      </div>
    </div>
  );
}
