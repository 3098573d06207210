import { type InfiniteData, useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query';
import { useCallback, useMemo } from 'react';

import { api, ok } from '~/api/client';
import { useIsLive } from '~/api/feed';
import { useSession } from '~/session';

import { type Conversation, listMessages, listNotes, type MessagePage, type Part } from '../queries';
import { conversationKey, messagesKey, newerPart, notesKey, reachesNow, readBeside } from '../live';
import { findItem, type Pages, trimmed } from '../pages';

type Messages = InfiniteData<MessagePage, Part>;

const NEWEST: Part = { cursor: '' };

/** A conversation's messages: a stretch of them, that moves with whoever scrolls. */
export function useMessages(id: string) {
  const queryClient = useQueryClient();
  const { actor } = useSession();
  const live = useIsLive();
  const read = useCallback(
    (part: Part, signal?: AbortSignal) => readBeside(queryClient, actor, () => listMessages(id, part, signal)),
    [queryClient, actor, id],
  );
  const query = useInfiniteQuery({
    queryKey: messagesKey(id),
    queryFn: ({ pageParam, signal }) => read(pageParam, signal),
    initialPageParam: NEWEST,
    getNextPageParam: (page): Part | undefined => (page.next_cursor ? { cursor: page.next_cursor } : undefined),
    getPreviousPageParam: (page, _pages, part) => newerPart(page, part),
    staleTime: live ? Infinity : 3_000,
    structuralSharing: false,
    refetchOnWindowFocus: !live,
  });
  const { data, fetchNextPage, fetchPreviousPage, hasNextPage, hasPreviousPage, isFetching } = query;
  const messages = useMemo(() => data?.pages.flatMap((page) => page.items).toReversed() ?? [], [data]);

  const older = useCallback(async () => {
    if (isFetching || !hasNextPage) return;
    await fetchNextPage();
    queryClient.setQueryData<Messages>(messagesKey(id), (now) => now && trimmed(now, 'start'));
  }, [isFetching, hasNextPage, fetchNextPage, queryClient, id]);

  const newer = useCallback(async () => {
    if (isFetching || !hasPreviousPage) return;
    await fetchPreviousPage();
    queryClient.setQueryData<Messages>(messagesKey(id), (now) => now && trimmed(now, 'end'));
  }, [isFetching, hasPreviousPage, fetchPreviousPage, queryClient, id]);

  /** Replaces what is kept by another part: what is around a message, or the newest. */
  const goTo = useCallback(
    async (part: Part = NEWEST) => {
      const page = await read(part);
      await queryClient.cancelQueries({ queryKey: messagesKey(id) });
      queryClient.setQueryData<Messages>(messagesKey(id), { pages: [page], pageParams: [part] });
    },
    [read, queryClient, id],
  );

  return {
    messages,
    isPending: query.isPending,
    error: query.error,
    isReading: isFetching,
    isFromStart: !!data && !hasNextPage,
    isToNow: !!data && reachesNow(data as Pages<MessagePage['items'][number], Part>),
    older,
    newer,
    goTo,
    retry: query.refetch,
  };
}

/** What colleagues noted, oldest first. */
export function useNotes(id: string) {
  const query = useInfiniteQuery({
    queryKey: notesKey(id),
    queryFn: ({ pageParam, signal }) => listNotes(id, pageParam, signal),
    initialPageParam: '',
    getNextPageParam: (page) => page.next_cursor ?? undefined,
    staleTime: Infinity,
    structuralSharing: false,
  });
  const notes = useMemo(() => query.data?.pages.flatMap((page) => page.items).toReversed() ?? [], [query.data]);
  return { notes, more: query.fetchNextPage, hasMore: query.hasNextPage && !query.isFetching };
}

/** One conversation; at once where a list shows it already. */
export function useConversation(id: string) {
  const queryClient = useQueryClient();
  const live = useIsLive();
  return useQuery<Conversation>({
    queryKey: conversationKey(id),
    queryFn: ({ signal }) =>
      ok(
        api.GET('/api/v1/conversations/{conversation_id}', { params: { path: { conversation_id: id } }, signal }),
      ) as Promise<Conversation>,
    placeholderData: () => {
      for (const list of queryClient.getQueryCache().findAll({ queryKey: ['get', '/api/v1/conversations'] })) {
        const data = list.state.data as Pages<Conversation> | undefined;
        const found = Array.isArray(data?.pages) ? findItem(data, id) : undefined;
        if (found) return found;
      }
      return undefined;
    },
    staleTime: live ? Infinity : 3_000,
    refetchOnWindowFocus: !live,
  });
}
