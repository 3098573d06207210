import { useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useRef } from 'react';

import { useIsLive } from '~/api/feed';
import { useSession } from '~/session';

import type { Message } from '../queries';
import { bring, conversationKey } from '../live';
import { type Content, type Pending, send, sendAgain } from './outbox';

export interface Words {
  content: Content;
  text: string | null;
  quoted?: Message;
  file?: Pending['file'];
}

/** Sends messages in a conversation, and shows them before anybody has answered. */
export function useSend(conversationId: string, newest: () => Message | undefined) {
  const queryClient = useQueryClient();
  const { actor: me } = useSession();
  const live = useIsLive();
  const isLive = useRef(live);
  useEffect(() => {
    isLive.current = live;
  }, [live]);

  const sent = useCallback(
    (message: Message) => {
      bring(queryClient, [{ type: 'message', message }], { me, open: conversationId });
      // Without the feed nobody tells what became of the conversation: it is ours now.
      if (!isLive.current) {
        void queryClient.invalidateQueries({ queryKey: conversationKey(conversationId) });
        void queryClient.invalidateQueries({ queryKey: ['get', '/api/v1/conversations'] });
      }
    },
    [queryClient, me, conversationId],
  );
  const out = useCallback(
    ({ content, text, quoted, file }: Words) => {
      const isQuoting = quoted?.wamid && content.type !== 'reaction';
      return send(
        {
          conversationId,
          content: isQuoting ? ({ ...content, context: { message_id: quoted.wamid } } as Content) : content,
          text,
          quoted: quoted ? { id: quoted.id, type: quoted.type, text: quoted.text, direction: quoted.direction, wamid: quoted.wamid } : null,
          file,
          after: newest()?.id ?? '',
        },
        sent,
      );
    },
    [conversationId, newest, sent],
  );
  return { send: out, again: useCallback((pending: Pending) => void sendAgain(pending, sent), [sent]) };
}
