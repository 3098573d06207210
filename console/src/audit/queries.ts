/** What the audit log is read with. */
import { $api, type Schemas } from '~/api/client';
import { paged } from '~/parts/PagedTable';

export type AuditEntry = Schemas['AuditEntry'];
export type Colleague = Schemas['Colleague'];

export interface AuditFilter {
  actor?: string;
  action?: string;
  subject?: string;
  from?: string;
  to?: string;
}

export const useAudit = (filter: AuditFilter) =>
  $api.useInfiniteQuery('get', '/api/v1/audit', { params: { query: { ...filter } } }, paged);

export const useColleagues = () => $api.useQuery('get', '/api/v1/colleagues');
