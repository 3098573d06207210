import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';

import { api, ok } from '~/api/client';
import { useSession } from '~/session';

import type { Conversation } from '../queries';
import { bring, countsKey } from '../live';

/** Long enough to see that there is something, short enough that nobody else takes it for unread. */
const LOOK_MS = 700;

/** Marks a conversation read: nothing is unread any more, and the customer gets blue ticks. */
export function useRead(): (conversation: Conversation) => Promise<void> {
  const queryClient = useQueryClient();
  const { actor: me } = useSession();
  return async (conversation) => {
    const { id } = conversation;
    bring(queryClient, [{ type: 'conversation', conversation: { ...conversation, unread: 0 } }], { me, open: id });
    try {
      await ok(api.POST('/api/v1/conversations/{conversation_id}/read', { params: { path: { conversation_id: id } } }));
      await queryClient.invalidateQueries({ queryKey: countsKey });
    } catch {
      // It is unread still, and marked when somebody looks again.
      bring(queryClient, [{ type: 'conversation', conversation }], { me, open: id });
    }
  };
}

/** Marks it read once somebody has looked at its end for a moment. */
export function useMarkRead(conversation: Conversation, isLookedAt: boolean, mayRead: boolean) {
  const read = useRead();
  const isVisible = useIsVisible();
  const isUnread = conversation.unread > 0;
  useEffect(() => {
    if (!isUnread || !isLookedAt || !isVisible || !mayRead) return;
    const timer = setTimeout(() => void read(conversation), LOOK_MS);
    return () => clearTimeout(timer);
    // oxlint-disable-next-line react-hooks/exhaustive-deps -- not again for each change of the conversation
  }, [conversation.id, isUnread, isLookedAt, isVisible, mayRead]);
}

function useIsVisible(): boolean {
  const [isVisible, setVisible] = useState(document.visibilityState === 'visible');
  useEffect(() => {
    const change = () => setVisible(document.visibilityState === 'visible');
    document.addEventListener('visibilitychange', change);
    return () => document.removeEventListener('visibilitychange', change);
  }, []);
  return isVisible;
}
