/** What jobs and queues are read and retried with. */
import { $api, api, ok, type Schemas } from '~/api/client';

export type JobKind = Schemas['JobKind'];
export type JobStatus = Schemas['JobStatus'];
export type Queues = Schemas['Queues'];

export const QUEUES = ['get', '/api/v1/stats/queues'];

export const useQueues = () => $api.useQuery('get', '/api/v1/stats/queues');

export const retryAllDead = () => ok(api.POST('/api/v1/jobs/retry', { body: { status: 'dead' } }));
