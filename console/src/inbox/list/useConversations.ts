import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query';
import { useCallback, useMemo, useRef } from 'react';

import { useIsLive } from '~/api/feed';
import { useSession } from '~/session';

import { type ConversationFilter, listConversations } from '../queries';
import { conversationsKey, readBeside } from '../live';
import { type Pages, trimmed } from '../pages';

/** The conversations that fit a filter: a stretch of them, that moves with whoever scrolls. */
export function useConversations(filter: ConversationFilter) {
  const queryClient = useQueryClient();
  const { actor } = useSession();
  const live = useIsLive();
  const key = conversationsKey(filter);
  // The API goes one way only; the way back is the way we came.
  const trail = useRef(new Map<string, string>());
  const query = useInfiniteQuery({
    queryKey: key,
    queryFn: ({ pageParam, signal }) =>
      readBeside(queryClient, actor, async () => {
        const page = await listConversations(filter, pageParam, signal);
        if (page.next_cursor) trail.current.set(page.next_cursor, pageParam);
        return page;
      }),
    initialPageParam: '',
    getNextPageParam: (page) => page.next_cursor ?? undefined,
    getPreviousPageParam: (_page, _pages, param) => (param === '' ? undefined : (trail.current.get(param) ?? '')),
    staleTime: live ? Infinity : 5_000,
    structuralSharing: false,
    refetchOnWindowFocus: !live,
  });
  const conversations = useMemo(() => {
    const seen = new Set<string>();
    const all = query.data?.pages.flatMap((page) => page.items) ?? [];
    // One that moved up while a page was read is on two pages.
    return all.filter((conversation) => !seen.has(conversation.id) && seen.add(conversation.id));
  }, [query.data]);

  const { fetchNextPage, fetchPreviousPage, hasNextPage, hasPreviousPage, isFetching } = query;
  const more = useCallback(
    async (where: 'below' | 'above') => {
      const below = where === 'below';
      if (isFetching || !(below ? hasNextPage : hasPreviousPage)) return;
      await (below ? fetchNextPage() : fetchPreviousPage());
      queryClient.setQueryData<Pages<unknown>>(key, (data) => data && trimmed(data, below ? 'start' : 'end'));
    },
    // oxlint-disable-next-line react-hooks/exhaustive-deps -- the key is a new list with the same content each time
    [isFetching, hasNextPage, hasPreviousPage, fetchNextPage, fetchPreviousPage, JSON.stringify(key)],
  );
  return { ...query, conversations, more };
}
