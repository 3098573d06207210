import { useCallback, useEffect, useRef, useState } from 'react';

import type { Conversation, Message } from '../queries';

/** Where what nobody has read begins. It stays while the chat is open, so that one can see what was new. */
export function useUnreadLine({ unread }: Conversation, messages: Message[]) {
  const [line, setLine] = useState<{ from: string; count: number } | null>(null);
  const isDrawn = useRef(false);
  const hasMessages = messages.length > 0;
  useEffect(() => {
    if (isDrawn.current || !hasMessages) return;
    isDrawn.current = true;
    if (unread > 0) setLine(lineBefore(messages, unread));
    // oxlint-disable-next-line react-hooks/exhaustive-deps -- drawn once, when the chat is opened
  }, [hasMessages]);

  // What comes while nobody looks at the tab is new to whoever comes back.
  const hiddenAt = useRef<string>(undefined);
  const newest = messages.at(-1)?.id;
  useEffect(() => {
    const change = () => {
      hiddenAt.current = document.visibilityState === 'hidden' ? newest : undefined;
    };
    document.addEventListener('visibilitychange', change);
    return () => document.removeEventListener('visibilitychange', change);
  }, [newest]);
  useEffect(() => {
    const from = hiddenAt.current;
    if (!from || document.visibilityState !== 'hidden') return;
    const fresh = messages.filter((message) => message.id > from && message.direction === 'inbound');
    if (fresh[0]) setLine({ from: fresh[0].id, count: fresh.length });
  }, [messages]);

  return { line, clear: useCallback(() => setLine(null), []) };
}

/** The line before the last `unread` messages of the customer. */
function lineBefore(messages: Message[], unread: number) {
  let count = 0;
  let from: string | undefined;
  for (let at = messages.length - 1; at >= 0 && count < unread; at -= 1) {
    const message = messages[at]!;
    if (message.direction !== 'inbound') continue;
    count += 1;
    from = message.id;
  }
  return from ? { from, count: unread } : null;
}
