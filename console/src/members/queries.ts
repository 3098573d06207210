/** Members, as they are read and changed. */
import { $api, api, ok, type Schemas } from '~/api/client';
import { paged } from '~/parts/PagedTable';

export type Member = Schemas['Member'];
/** With the link that is shown this once. */
export type InvitedMember = Awaited<ReturnType<typeof createMember>>;

export const MEMBERS_KEY = ['get', '/api/v1/members'];

export const useMembers = () => $api.useInfiniteQuery('get', '/api/v1/members', { params: { query: {} } }, paged);

export const createMember = (body: Schemas['CreateMember']) => ok(api.POST('/api/v1/members', { body }));

export const updateMember = (id: string, body: Schemas['UpdateMember']) =>
  ok(api.PATCH('/api/v1/members/{member_id}', { params: { path: { member_id: id } }, body }));

export const deleteMember = (id: string) =>
  ok(api.DELETE('/api/v1/members/{member_id}', { params: { path: { member_id: id } } }));

export const inviteMember = (id: string) =>
  ok(api.POST('/api/v1/members/{member_id}/invite', { params: { path: { member_id: id } } }));
