import { IconArrowsExchange, IconInfoCircle, IconMessagePlus, IconMoodSmile, IconPencil, IconPhone, IconTrash } from '@tabler/icons-react';
import { memo } from 'react';
import { useTranslation } from 'react-i18next';

import { clockTime, dateTime } from '~/parts/time';

import { useChat } from '../chat/actions';
import type { Message } from '../queries';
import { describe } from '../preview';
import classes from './Event.module.css';

const ICONS: Record<string, typeof IconPhone> = {
  call: IconPhone,
  edit: IconPencil,
  revoke: IconTrash,
  reaction: IconMoodSmile,
  request_welcome: IconMessagePlus,
  messaging_handover: IconArrowsExchange,
};

/** Something that happened in the chat and that nobody said. */
export const Event = memo(function Event({ message }: { message: Message }) {
  const { t } = useTranslation('inbox');
  const { goTo, why } = useChat();
  const Icon = ICONS[message.type] ?? IconInfoCircle;
  const { text } = describe(message, t);
  const { quoted } = message;
  return (
    <div className={classes.event}>
      <button type="button" className={classes.words} onClick={() => (quoted ? goTo(quoted.id) : why(message))}>
        <Icon size={14} aria-hidden />
        <bdi>{text}</bdi>
        <time dateTime={message.sent_at} title={dateTime(message.sent_at)}>
          {clockTime(message.sent_at)}
        </time>
      </button>
    </div>
  );
});
