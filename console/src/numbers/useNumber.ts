import { useQueryClient } from '@tanstack/react-query';
import { useCallback } from 'react';

import { $api, api, ok, type Schemas } from '~/api/client';
import { useFeed } from '~/api/feed';
import { notifyFailure } from '~/parts/Failure';

/** Has all that shows numbers read anew. */
export function useNumbersChanged() {
  const queryClient = useQueryClient();
  return useCallback(
    () =>
      Promise.all(
        [
          '/api/v1/numbers',
          '/api/v1/numbers/{number_id}',
          '/api/v1/numbers/{number_id}/health',
          '/api/v1/notices',
          '/api/v1/setup',
        ].map((path) => queryClient.invalidateQueries({ queryKey: ['get', path] })),
      ),
    [queryClient],
  );
}

/** Follows what happens to numbers while the page is there. */
export function useLiveNumbers() {
  const changed = useNumbersChanged();
  useFeed('number', () => void changed());
  useFeed('notice', () => void changed());
}

export function useNumber(id: string) {
  return $api.useQuery('get', '/api/v1/numbers/{number_id}', { params: { path: { number_id: id } } });
}

/** Changes a number; what went wrong is thrown. */
export function useUpdateNumber(id: string) {
  const changed = useNumbersChanged();
  return useCallback(
    async (body: Schemas['UpdateNumber']) => {
      const number = await ok(api.PATCH('/api/v1/numbers/{number_id}', { params: { path: { number_id: id } }, body }));
      await changed();
      return number;
    },
    [id, changed],
  );
}

/** The same for a single switch, where what went wrong is told in the corner. */
export function useSwitchNumber(id: string) {
  const update = useUpdateNumber(id);
  return (body: Schemas['UpdateNumber']) => update(body).catch(notifyFailure);
}

/** What people call a number. */
export const nameOf = (number: Schemas['Number']): string =>
  number.display_name ?? number.health.verified_name ?? number.display_phone_number ?? number.phone_number_id;
