/** What the API will have of queues and jobs; to be swapped for the generated types and calls. */
import { useQuery } from '@tanstack/react-query';

import type { Schemas } from '~/api/client';
import { isMissing, plainCall } from '~/parts/plainCall';

export type JobKind = Schemas['JobKind'] | 'erase_contact';

export interface Queues {
  events: { waiting: number; oldest_at?: string | null; failed: number };
  jobs: { kind: JobKind; waiting: number; running: number; dead: number; oldest_due_at?: string | null }[];
  /** Sends whose outcome is not known. */
  unsettled: number;
  held_numbers: number;
  tasks_open: number;
}

export const QUEUES = ['get', '/api/v1/stats/queues'];

export function useQueues() {
  return useQuery({
    queryKey: QUEUES,
    queryFn: () => plainCall<Queues>('GET', '/stats/queues'),
    retry: (failures, error) => failures < 2 && !isMissing(error),
  });
}

/** The filters of the list, also those that the document does not name yet. */
export function jobFilters(filters: { status?: Schemas['JobStatus']; kind?: JobKind; limit: number }) {
  return filters;
}

export function retryAllDead(): Promise<{ retried: number }> {
  return plainCall('POST', '/jobs/retry', { body: { status: 'dead' } });
}
