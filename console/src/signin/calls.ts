/** Sessions and invitations, as they are begun and changed. */
import { api, ok, type Schemas } from '~/api/client';
import type { Credentials } from '~/session';

export type Invite = Awaited<ReturnType<typeof lookAtInvite>>;
export type UpdateSession = Schemas['UpdateSession'];

export const createSession = (credentials: Credentials) => ok(api.POST('/api/v1/session', { body: credentials }));

export const updateSession = (changes: UpdateSession) => ok(api.PATCH('/api/v1/session', { body: changes }));

export const lookAtInvite = (token: string) => ok(api.POST('/api/v1/invites/look', { body: { token } }));

export const acceptInvite = (body: { token: string; name: string; password: string }) =>
  ok(api.POST('/api/v1/invites/accept', { body }));
