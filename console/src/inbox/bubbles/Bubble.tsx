import {
  IconArrowForwardUp,
  IconChevronDown,
  IconDeviceMobile,
  IconHelpCircle,
  IconRobot,
  IconSettingsAutomation,
  IconTrash,
  IconUser,
} from '@tabler/icons-react';
import { memo, useState } from 'react';
import { useTranslation } from 'react-i18next';

import { clockTime, dateTime } from '~/parts/time';
import { useSession } from '~/session';

import { useChat } from '../chat/actions';
import type { MessageRow } from '../chat/rows';
import type { Message } from '../queries';
import classes from './Bubble.module.css';
import { Content } from './Content';
import { Quote } from './Quote';
import { Referral } from './Referral';
import { Ticks } from './Ticks';
import { Trouble } from './Trouble';

/** Kinds that stand on the wall of the chat as they are. */
const BARE = new Set(['sticker']);
/** Kinds whose words leave room for the time at their end. */
const TEXTS = new Set(['text', 'button']);
/** Kinds that are as wide as what they show. */
const PICTURES = new Set(['image', 'video']);

const RIGHT_TO_LEFT = /[\u0591-\u08ff\ufb1d-\ufdfd\ufe70-\ufefc]/u;

/** Whether words run in this direction, as their first letter does. */
function runsAs(direction: string, words: string): boolean {
  const letter = /\p{L}/u.exec(words)?.[0];
  return !letter || RIGHT_TO_LEFT.test(letter) === (direction === 'rtl');
}

/** A message of either side. */
export const Bubble = memo(function Bubble({ row, isFlash }: { row: MessageRow; isFlash: boolean }) {
  const { t } = useTranslation('inbox');
  const { why, menu, reply, mayWrite } = useChat();
  const { message, first, last, edit, isRevoked } = row;
  const isOut = message.direction === 'outbound';
  const isBare = BARE.has(message.type) && !isRevoked;
  // Where the words end on the other side, the time would lie upon them.
  const endsThere = runsAs(document.documentElement.dir, message.text ?? '');
  const isText = TEXTS.has(message.type) && !isRevoked && !edit && endsThere;
  const isPicture = PICTURES.has(message.type) && message.media?.status === 'ready' && !isRevoked;
  const time = clockTime(message.sent_at);

  return (
    <div
      className={classes.line}
      data-side={isOut ? 'out' : 'in'}
      data-author={message.author}
      data-first={first || undefined}
      data-last={last || undefined}
      data-flash={isFlash || undefined}
    >
      <div className={classes.row} onDoubleClick={mayWrite && message.wamid ? () => reply(message) : undefined}>
        <article
          className={classes.bubble}
          data-bare={isBare || undefined}
          data-picture={isPicture || undefined}
          data-message={message.id}
        >
          {first && isOut && <Sender message={message} />}
          <Forwarded message={message} />
          {!isRevoked && <Referral message={message} />}
          {message.quoted && <Quote quoted={message.quoted} />}
          {isRevoked ? (
            <Revoked message={message} />
          ) : (
            <Content message={message} edit={edit} gap={isText ? `${time}${isOut ? ' ✓✓✓' : ''}` : undefined} />
          )}
          <div className={classes.foot} data-inside={isText || undefined}>
            {edit && <span title={dateTime(edit.sent_at)}>{t('bubble.edited')}</span>}
            <time dateTime={message.sent_at} title={dateTime(message.sent_at)}>
              {time}
            </time>
            {isOut && <Ticks status={message.status} />}
          </div>
          {message.reactions.length > 0 && <Reactions message={message} />}
        </article>
        <div className={classes.tools}>
          <button type="button" className={classes.tool} onClick={() => why(message)}>
            <IconHelpCircle size={16} stroke={1.8} aria-hidden />
            <span>{t('bubble.why')}</span>
          </button>
          <button
            type="button"
            className={classes.tool}
            aria-haspopup="menu"
            aria-label={t('bubble.menu')}
            title={t('bubble.menu')}
            onClick={(event) => menu(message, event.currentTarget)}
          >
            <IconChevronDown size={17} stroke={1.8} aria-hidden />
          </button>
        </div>
      </div>
      <Trouble message={message} />
    </div>
  );
});

const SENDERS = { agent: IconRobot, operator: IconUser, phone: IconDeviceMobile, system: IconSettingsAutomation, customer: IconUser };

/** Who wrote it, of all that may write for the business. */
function Sender({ message }: { message: Message }) {
  const Icon = SENDERS[message.author];
  return (
    <div className={classes.sender}>
      <Icon size={14} stroke={2} aria-hidden />
      <bdi>{useSenderName(message)}</bdi>
    </div>
  );
}

export function useSenderName({ author, sent_by }: Message): string {
  const { t } = useTranslation('inbox');
  const { actor } = useSession();
  const { agentName } = useChat();
  if (author === 'agent') return agentName ?? t('sender.agent');
  if (author !== 'operator') return t(`sender.${author}`);
  if (sent_by && sent_by.actor === actor) return t('list.you');
  return sent_by?.name ?? (sent_by?.actor.startsWith('key_') ? t('sender.program') : t('sender.operator'));
}

function Forwarded({ message }: { message: Message }) {
  const { t } = useTranslation('inbox');
  const context = (message.content as { context?: { forwarded?: boolean | null; frequently_forwarded?: boolean | null } }).context;
  if (!context?.forwarded && !context?.frequently_forwarded) return null;
  return (
    <div className={classes.aside}>
      <IconArrowForwardUp size={14} aria-hidden />
      {t(context.frequently_forwarded ? 'bubble.forwardedOften' : 'bubble.forwarded')}
    </div>
  );
}

/** Its writer took it back; what it said is kept, and shown to whoever asks. */
function Revoked({ message }: { message: Message }) {
  const { t } = useTranslation('inbox');
  const [isShown, show] = useState(false);
  return (
    <>
      <div className={classes.revoked}>
        <IconTrash size={15} aria-hidden />
        {t('bubble.revoked')}
        {!isShown && (
          <button type="button" className={classes.inline} onClick={() => show(true)}>
            {t('bubble.showRevoked')}
          </button>
        )}
      </div>
      {isShown && <Content message={message} />}
    </>
  );
}

function Reactions({ message }: { message: Message }) {
  const { t } = useTranslation('inbox');
  const { goTo } = useChat();
  const emojis = message.reactions.map((reaction) => reaction.emoji);
  const who = message.reactions.map(({ direction, emoji }) => t(`bubble.reacted.${direction}`, { emoji })).join(', ');
  return (
    <button type="button" className={classes.reactions} title={who} aria-label={who} onClick={() => goTo(message.id)}>
      {[...new Set(emojis)].join('')}
      {emojis.length > 1 && <span className={classes.many}>{emojis.length}</span>}
    </button>
  );
}
