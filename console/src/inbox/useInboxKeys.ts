import { type HotkeyItem, useHotkeys } from '@mantine/hooks';
import { useNavigate } from '@tanstack/react-router';
import type { RefObject } from 'react';

import { useLetterKeys } from '~/shell/letterKeys';
import type { ChatHandle } from './chat/Chat';
import { listSearch } from './filters';
import type { ListHandle } from './list/ConversationList';

/** The inbox by keyboard. Nothing happens while somebody writes, or while something is open above it. */
export function useInboxKeys({
  list,
  chat,
  leave,
  open,
}: {
  list: RefObject<ListHandle | null>;
  chat: RefObject<ChatHandle | null>;
  leave: () => void;
  open: string | undefined;
}) {
  const navigate = useNavigate();
  const [hasLetters] = useLetterKeys();
  const go = (by: 1 | -1) => {
    const next = list.current?.beside(by);
    if (next) {
      void navigate({ to: '/inbox/$conversationId', params: { conversationId: next.id }, search: listSearch });
    }
  };
  const free = (action: () => void) => () => {
    if (!document.querySelector('[aria-modal="true"], [role="menu"], [role="dialog"]:not([data-panel])')) action();
  };
  const letters: HotkeyItem[] = [
    ['j', free(() => go(1))],
    ['k', free(() => go(-1))],
    ['/', free(() => list.current?.search())],
    ['t', free(() => chat.current?.take())],
    ['r', free(() => chat.current?.release())],
    ['u', free(() => chat.current?.read())],
    ['w', free(() => chat.current?.why())],
    ['n', free(() => chat.current?.write('note'))],
    ['c', free(() => chat.current?.write('message'))],
  ];
  useHotkeys([
    ...(hasLetters ? letters : []),
    ['Escape', free(() => (chat.current?.closePanel() ? undefined : open && leave()))],
  ]);
}
