import { IconAlertCircle, IconEye, IconHourglass, IconRobot, IconUser } from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import { memo, type MouseEvent } from 'react';
import { useTranslation } from 'react-i18next';

import { useNow } from '~/parts/time';
import { useSession } from '~/session';

import { Ticks } from '../bubbles/Ticks';
import type { Conversation } from '../queries';
import { useUnsent } from '../composer/drafts';
import { Face } from '../Face';
import { CLOSING_MS, listSearch, windowEnd } from '../filters';
import { contactName } from '../names';
import { useColleagues } from '../presence';
import { describe } from '../preview';
import { ShortTime, timeLeft } from '../times';
import classes from './ConversationRow.module.css';

/** One conversation in the list. The whole row is a link. */
export const ConversationRow = memo(function ConversationRow({
  conversation,
  isOpen,
}: {
  conversation: Conversation;
  isOpen: boolean;
}) {
  const { t } = useTranslation('inbox');
  const navigate = useNavigate();
  const name = contactName(conversation.contact);
  const { unread } = conversation;

  const go = (event: MouseEvent) => {
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.button !== 0) return;
    event.preventDefault();
    void navigate({
      to: '/inbox/$conversationId',
      params: { conversationId: conversation.id },
      search: listSearch,
    });
  };

  return (
    <a
      href={`/inbox/${conversation.id}`}
      onClick={go}
      className={classes.row}
      aria-current={isOpen ? 'page' : undefined}
      data-conversation={conversation.id}
      data-unread={unread > 0 || undefined}
    >
      <span className={classes.face}>
        <Face id={conversation.contact.id} name={name} />
        <OwnerMark conversation={conversation} />
      </span>
      <span className={classes.words}>
        <span className={classes.line}>
          <bdi className={classes.name}>{name}</bdi>
          <ShortTime at={conversation.last_message_at} className={classes.time} />
        </span>
        <span className={classes.line}>
          <Preview conversation={conversation} isOpen={isOpen} />
          {unread > 0 && (
            <span className={classes.unread}>
              <span aria-hidden>{unread > 99 ? '99+' : unread}</span>
              <span className={classes.heard}>{t('list.unread', { count: unread })}</span>
            </span>
          )}
        </span>
        <Marks conversation={conversation} />
      </span>
    </a>
  );
});

/** Who answers here: the agent, or a person. */
function OwnerMark({ conversation }: { conversation: Conversation }) {
  const { t } = useTranslation('inbox');
  const takenBy = useOwnerName(conversation);
  const label = takenBy ? t('list.withPerson', { name: takenBy }) : t('list.withAgent');
  const Icon = takenBy ? IconUser : IconRobot;
  return (
    <span className={classes.owner} data-owner={conversation.owner} role="img" aria-label={label} title={label}>
      <Icon size={12} stroke={2} aria-hidden />
    </span>
  );
}

/** Who has taken a conversation; nothing where the agent answers. */
export function useOwnerName({ owner, taken_by, taken_by_name }: Conversation): string | undefined {
  const { t } = useTranslation('inbox');
  const { actor } = useSession();
  if (owner !== 'human') return undefined;
  return taken_by === actor ? t('list.you') : (taken_by_name ?? t('list.somebody'));
}

function Preview({ conversation, isOpen }: { conversation: Conversation; isOpen: boolean }) {
  const { t } = useTranslation('inbox');
  const [unsent] = useUnsent(conversation.id);
  const last = conversation.last_message;
  if (unsent && !isOpen) {
    return (
      <span className={classes.preview}>
        <span className={classes.draft}>{t('list.draft')}</span> <bdi>{unsent.slice(0, 200)}</bdi>
      </span>
    );
  }
  if (!last) return <span className={classes.preview}>{t('type.none')}</span>;
  const { icon: Icon, text } = describe(last, t);
  return (
    <span className={classes.preview}>
      {last.direction === 'outbound' && <Ticks status={last.status} size={15} />}
      {Icon && <Icon size={15} stroke={1.8} aria-hidden className={classes.icon} />}
      <bdi>{text}</bdi>
    </span>
  );
}

function Marks({ conversation }: { conversation: Conversation }) {
  const { t } = useTranslation('inbox');
  const now = useNow();
  const takenBy = useOwnerName(conversation);
  const colleagues = useColleagues(conversation.id);
  const left = (windowEnd(conversation) ?? 0) - now;
  const isClosing = left > 0 && left <= CLOSING_MS;
  if (!takenBy && !conversation.task && !isClosing && colleagues.length === 0) return null;
  const here = colleagues.map((colleague) => colleague.name).join(', ');
  return (
    <span className={classes.marks}>
      {conversation.task && (
        <span className={classes.mark} data-mark="task">
          <IconAlertCircle size={13} aria-hidden />
          <span>{t(`task.${conversation.task_reason ?? 'other'}`)}</span>
        </span>
      )}
      {isClosing && (
        <span className={classes.mark} data-mark="closing">
          <IconHourglass size={13} aria-hidden />
          <span>{t('list.left', { time: timeLeft(left) })}</span>
        </span>
      )}
      {takenBy && (
        <span className={classes.mark} data-mark="person">
          <IconUser size={13} aria-hidden />
          <bdi>{takenBy}</bdi>
        </span>
      )}
      {colleagues.length > 0 && (
        <span className={classes.mark} data-mark="here" title={t('list.looking', { names: here })}>
          <IconEye size={13} aria-hidden />
          <bdi>{here}</bdi>
        </span>
      )}
    </span>
  );
}
