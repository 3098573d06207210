import { Loader } from '@mantine/core';
import { memo } from 'react';
import { useTranslation } from 'react-i18next';

import { Bubble } from '../bubbles/Bubble';
import { Event } from '../bubbles/Event';
import { useChat } from './actions';
import { Day } from './Day';
import classes from './Lines.module.css';
import { NoteBubble } from './NoteBubble';
import { PendingBubble } from './PendingBubble';
import type { Row } from './rows';

/** One row of a chat. */
export const RowView = memo(function RowView({ row, isFlash, isReading }: { row: Row; isFlash: boolean; isReading: boolean }) {
  const { t } = useTranslation('inbox');
  switch (row.kind) {
    case 'message':
      return <Bubble row={row} isFlash={isFlash} />;
    case 'event':
      return <Event message={row.message} />;
    case 'note':
      return <NoteBubble note={row.note} />;
    case 'pending':
      return <PendingBubble pending={row.pending} />;
    case 'day':
      return (
        <div className={classes.line}>
          <Day at={row.at} />
        </div>
      );
    case 'unread':
      return (
        <div className={classes.unread} role="separator">
          <span>{t('list.unread', { count: row.count })}</span>
        </div>
      );
    case 'start':
      return <div className={classes.start}>{t('chat.start')}</div>;
    case 'loading':
      return <div className={classes.loading}>{isReading && <Loader size="sm" aria-label={t('chat.loading')} />}</div>;
    case 'thinking':
      return <Thinking />;
  }
});

/** The agent is about to say something. */
function Thinking() {
  const { t } = useTranslation('inbox');
  const { agentName } = useChat();
  return (
    <div className={classes.thinking} role="status">
      <span className={classes.dots} aria-hidden>
        <i />
        <i />
        <i />
      </span>
      {t('chat.thinking', { name: agentName ?? t('sender.agent') })}
    </div>
  );
}
