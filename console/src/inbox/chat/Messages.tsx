import { Button, Center, Loader } from '@mantine/core';
import { IconArrowDown } from '@tabler/icons-react';
import { useEffect, useImperativeHandle, useLayoutEffect, useMemo, useRef, useState, type RefObject } from 'react';
import { useTranslation } from 'react-i18next';
import { Virtualizer, type VirtualizerHandle } from 'virtua';

import { Failure, notifyFailure } from '~/parts/Failure';
import { useMay } from '~/session';

import type { Conversation, Message } from '../queries';
import { unseen, useOutbox } from '../composer/outbox';
import { DayPill, type DayPillHandle } from './DayPill';
import classes from './Messages.module.css';
import { RowView } from './RowView';
import { isThinking } from './thinking';
import { useMarkRead } from './useMarkRead';
import { useMessages, useNotes } from './useMessages';
import { useRows, useSteps } from './useRows';
import { useUnreadLine } from './useUnreadLine';

export interface MessagesHandle {
  goTo: (messageId: string) => void;
  toEnd: () => void;
  newest: () => Message | undefined;
}

/** How near to the end somebody must be to be taken along by what comes. */
const NEAR_PX = 60;
const FLASH_MS = 2_300;
/** How far ahead older messages are fetched: some screens. */
const AHEAD = 2.5;

/** The messages of a conversation. It begins at its end, and goes back as far as anybody scrolls. */
export function Messages({ conversation, handle }: { conversation: Conversation; handle: RefObject<MessagesHandle | null> }) {
  const { t } = useTranslation('inbox');
  const { id } = conversation;
  const chat = useMessages(id);
  const { messages, isFromStart, isToNow, isReading } = chat;
  const { notes, more: moreNotes, hasMore: hasMoreNotes } = useNotes(id);
  const outbox = useOutbox(id);
  const pending = useMemo(() => (isToNow ? unseen(outbox, messages.slice(-60)) : []), [outbox, messages, isToNow]);
  const { line, clear: clearLine } = useUnreadLine(conversation, messages);
  const thinks = isToNow && isThinking(conversation, messages.at(-1));
  const shownNotes = useMemo(() => (isToNow ? notes : notes.filter((note) => isBefore(note.id, messages.at(-1)?.id))), [notes, isToNow, messages]);
  const all = useRows({ messages, notes: shownNotes, pending, unread: line, isThinking: thinks, isFromStart });
  const { rows, shift } = useSteps(all);

  const virtual = useRef<VirtualizerHandle>(null);
  const scroller = useRef<HTMLDivElement>(null);
  const pill = useRef<DayPillHandle>(null);
  /** Whether whatever comes is followed. */
  const follows = useRef(true);
  const offsetBefore = useRef(0);
  const isPlaced = useRef(false);
  const wanted = useRef<string>(undefined);
  const [isAtEnd, setAtEnd] = useState(true);
  const [flash, setFlash] = useState<string>();
  const [seen, setSeen] = useState<string>();

  const scrollToRow = (at: number, align: 'center' | 'end' | 'start', offset = 0) =>
    virtual.current?.scrollToIndex(at, { align, offset });

  const show = (messageId: string) => {
    const at = rows.findIndex((row) => row.key === messageId);
    if (at < 0) return false;
    follows.current = false;
    scrollToRow(at, 'center');
    setFlash(undefined);
    requestAnimationFrame(() => setFlash(messageId));
    setTimeout(() => setFlash((now) => (now === messageId ? undefined : now)), FLASH_MS);
    return true;
  };
  const goTo = (messageId: string) => {
    if (show(messageId)) return;
    wanted.current = messageId;
    follows.current = false;
    chat.goTo({ around: messageId }).catch((error: unknown) => {
      wanted.current = undefined;
      notifyFailure(error);
    });
  };
  const toEnd = () => {
    follows.current = true;
    if (isToNow) scrollToRow(rows.length - 1, 'end');
    else void chat.goTo().catch(notifyFailure);
  };
  useImperativeHandle(handle, () => ({ goTo, toEnd, newest: () => (isToNow ? messages.at(-1) : undefined) }));

  // Where the eye is after each change of the rows.
  useLayoutEffect(() => {
    if (messages.length === 0) return;
    if (wanted.current !== undefined) {
      const messageId = wanted.current;
      isPlaced.current = true;
      if (show(messageId)) wanted.current = undefined;
      return;
    }
    if (!isPlaced.current) {
      isPlaced.current = true;
      const unread = rows.findIndex((row) => row.kind === 'unread');
      if (unread >= 0 && rows.length - unread > 6) {
        follows.current = false;
        scrollToRow(unread, 'start', -60);
        return;
      }
    }
    if (follows.current) scrollToRow(rows.length - 1, 'end');
    // oxlint-disable-next-line react-hooks/exhaustive-deps -- it is about the rows alone
  }, [rows]);

  const look = (offset: number) => {
    const list = virtual.current;
    if (!list || !isPlaced.current) return;
    const left = list.scrollSize - list.viewportSize - offset;
    const isNear = left < NEAR_PX && isToNow;
    if (isNear) follows.current = true;
    // What grows at the end is not somebody who scrolls up.
    else if (offset < offsetBefore.current - 2) follows.current = false;
    offsetBefore.current = offset;
    if (isNear !== isAtEnd) setAtEnd(isNear);
    if (offset < list.viewportSize * AHEAD) void chat.older();
    if (left < list.viewportSize * AHEAD && !isToNow) void chat.newer();
    const top = list.findItemIndex(offset + 8);
    for (let at = top; at >= 0; at -= 1) {
      const row = rows[at];
      if (row?.kind === 'day') {
        pill.current?.show(row.at, offset > 40);
        break;
      }
    }
  };
  // Few and short messages leave room for older ones.
  useEffect(() => {
    const list = virtual.current;
    if (list && isPlaced.current && !isReading && list.scrollOffset < list.viewportSize) void chat.older();
    // oxlint-disable-next-line react-hooks/exhaustive-deps -- looked at once for each page
  }, [messages.length, isReading]);
  useEffect(() => {
    const [oldest, note] = [messages[0]?.id, notes[0]?.id];
    if (hasMoreNotes && oldest && note && isBefore(oldest, note)) void moreNotes();
  }, [messages, notes, hasMoreNotes, moreNotes]);

  const mayRead = useMay('operator');
  useMarkRead(conversation, isAtEnd && isToNow && !chat.isPending, mayRead);

  const newest = messages.at(-1)?.id;
  useEffect(() => {
    if (isAtEnd && newest) setSeen(newest);
  }, [isAtEnd, newest]);
  const unseenCount = isAtEnd ? 0 : countAfter(messages, seen);

  // Whoever answers has read.
  const lastPending = outbox.at(-1)?.key;
  useEffect(() => {
    if (!lastPending) return;
    clearLine();
    toEnd();
    // oxlint-disable-next-line react-hooks/exhaustive-deps -- once for each message that is sent
  }, [lastPending]);

  if (chat.isPending) {
    return (
      <Center className={classes.wall}>
        <Loader aria-label={t('chat.loading')} />
      </Center>
    );
  }
  if (chat.error && messages.length === 0) {
    return (
      <Center className={classes.wall} p="md">
        <div>
          <Failure error={chat.error} />
          <Button variant="default" onClick={() => chat.retry()}>
            {t('chat.again')}
          </Button>
        </div>
      </Center>
    );
  }
  return (
    <div className={classes.frame}>
      <DayPill handle={pill} />
      <div
        ref={scroller}
        className={classes.wall}
        // What scrolls must be within reach of the keyboard.
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
        tabIndex={0}
        role="region"
        aria-label={t('chat.messages')}
        data-chat-scroll
      >
        <div className={classes.fill} />
        <Virtualizer
          ref={virtual}
          data={rows}
          shift={shift}
          bufferSize={600}
          scrollRef={scroller}
          onScroll={look}
          onResize={() => {
            if (follows.current && isPlaced.current) scrollToRow(rows.length - 1, 'end');
          }}
        >
          {(row) => <RowView key={row.key} row={row} isFlash={flash === row.key} isReading={isReading} />}
        </Virtualizer>
      </div>
      {(!isAtEnd || !isToNow) && (
        <button type="button" className={classes.toEnd} onClick={toEnd}>
          <IconArrowDown size={18} aria-hidden />
          <span className={unseenCount > 0 ? undefined : classes.heard} aria-live="polite">
            {unseenCount > 0 ? t('chat.new', { count: unseenCount }) : t('chat.toEnd')}
          </span>
        </button>
      )}
    </div>
  );
}

const isBefore = (one: string, other: string | undefined) =>
  other !== undefined && one.slice(one.indexOf('_')) < other.slice(other.indexOf('_'));

function countAfter(messages: Message[], seen: string | undefined): number {
  if (!seen) return 0;
  let count = 0;
  for (let at = messages.length - 1; at >= 0 && messages[at]!.id > seen; at -= 1) {
    if (messages[at]!.direction === 'inbound') count += 1;
  }
  return count;
}
