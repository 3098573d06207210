import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';

import { useFeed, useIsLive } from '~/api/feed';
import { useSession } from '~/session';

import { type Conversation, countInbox, type Message, type Note } from './queries';
import { countsKey, take, type Told } from './live';
import type { Pages } from './pages';

/** Events within this time are taken in together. */
const TOGETHER_MS = 80;
/** The counts of the tabs are asked for anew this often at the most, and only when something changed. */
const COUNT_MS = 2_500;

/** Keeps everything the inbox shows as it is now. `open` is the conversation that somebody looks at. */
export function useInboxFeed(open: string | undefined) {
  const queryClient = useQueryClient();
  const { actor: me } = useSession();
  const live = useIsLive();
  const waiting = useRef<Told[]>([]);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const lately = useRef(0);
  const looksAt = useRef(open);
  useEffect(() => {
    looksAt.current = open;
  }, [open]);
  const counting = useRef<ReturnType<typeof setTimeout>>(undefined);

  const flush = () => {
    timer.current = undefined;
    lately.current = performance.now();
    const batch = waiting.current.splice(0);
    take(queryClient, batch, { me, open: looksAt.current });
    if (batch.some((told) => told.type === 'conversation' || told.type === 'gone')) {
      counting.current ??= setTimeout(() => {
        counting.current = undefined;
        void queryClient.invalidateQueries({ queryKey: countsKey });
      }, COUNT_MS);
    }
  };
  const add = (told: Told) => {
    waiting.current.push(told);
    // The first of a storm is shown at once.
    timer.current ??= setTimeout(flush, performance.now() - lately.current > TOGETHER_MS ? 0 : TOGETHER_MS);
  };
  useFeed('message', ({ message }) => add({ type: 'message', message: message as Message }));
  useFeed('conversation', ({ conversation }) => add({ type: 'conversation', conversation: conversation as Conversation }));
  useFeed('note', ({ note }) => add({ type: 'note', note: note as Note }));
  useFeed('gone', ({ id }) => add({ type: 'gone', id }));
  useEffect(
    () => () => {
      clearTimeout(timer.current);
      clearTimeout(counting.current);
    },
    [],
  );

  // What was read before the first word of the feed may have changed meanwhile.
  const wasLive = useRef(live);
  useEffect(() => {
    if (!live || wasLive.current) return;
    wasLive.current = true;
    void queryClient.invalidateQueries({ predicate: ({ queryKey }) => isOurs(queryKey) });
  }, [live, queryClient]);

  // Nobody brings the feed into the cache while another page is shown: the first pages are read anew on the way back.
  useEffect(
    () => () => {
      for (const query of queryClient.getQueryCache().findAll({ queryKey: ['get'], predicate: ({ queryKey }) => isOurs(queryKey) })) {
        const data = query.state.data as Pages<unknown> | undefined;
        if (Array.isArray(data?.pages) && data.pages.length > 1 && isStart(data.pageParams[0])) {
          queryClient.setQueryData(query.queryKey, { pages: data.pages.slice(0, 1), pageParams: data.pageParams.slice(0, 1) });
        }
      }
      void queryClient.invalidateQueries({ predicate: ({ queryKey }) => isOurs(queryKey), refetchType: 'none' });
    },
    [queryClient],
  );
}

const isOurs = (key: readonly unknown[]) => /^\/api\/v1\/(conversations|inbox)/.test(String(key[1]));
const isStart = (param: unknown) => param === '' || (typeof param === 'object' && param !== null && 'cursor' in param && param.cursor === '');

/** How many conversations each tab has; nothing until the gateway has told. */
export function useCounts() {
  const counts = useQuery({
    queryKey: countsKey,
    queryFn: ({ signal }) => countInbox(signal),
    staleTime: 60_000,
  });
  return counts.data;
}
