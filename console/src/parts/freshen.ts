import { type QueryKey, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';

import { type FeedEvents, type FeedType, useFeed } from '../api/feed';

/**
 * Reads a list anew when the feed tells of something that belongs into it: at once, and while much happens no more often than
 * every few seconds.
 */
export function useFreshen<T extends FeedType>(
  type: T,
  queryKey: QueryKey,
  { concerns = () => true, everyMs = 3000 }: { concerns?: (event: FeedEvents[T]) => boolean; everyMs?: number } = {},
) {
  const queryClient = useQueryClient();
  const last = useRef(0);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  useFeed(type, (event) => {
    if (!concerns(event) || timer.current) return;
    timer.current = setTimeout(
      () => {
        timer.current = undefined;
        last.current = Date.now();
        void queryClient.invalidateQueries({ queryKey });
      },
      Math.max(0, last.current + everyMs - Date.now()),
    );
  });
}
