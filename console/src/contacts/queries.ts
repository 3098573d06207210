/** What contacts are read and changed with. */
import { useQueryClient } from '@tanstack/react-query';

import { $api, api, ok, type Schemas } from '~/api/client';
import { paged } from '~/parts/PagedTable';

export type Contact = Schemas['Contact'];
export type TimelineItem = Schemas['TimelineItem'];
export type TimelinePage = Awaited<ReturnType<typeof readTimeline>>;

const at = (contactId: string) => ({ path: { contact_id: contactId } });

/** Fields are merged: null takes one away. */
export const updateFields = (contactId: string, fields: Record<string, string | null>) =>
  ok(api.PATCH('/api/v1/contacts/{contact_id}', { params: at(contactId), body: { fields: fields as never } }));

const timelineQuery = (contactId: string) => ({ ...at(contactId), query: { limit: 50 } });

export const timelineKey = (contactId: string) => [
  'get',
  '/api/v1/contacts/{contact_id}/timeline',
  { params: timelineQuery(contactId) },
];

export const readTimeline = (contactId: string, cursor?: string) =>
  ok(
    api.GET('/api/v1/contacts/{contact_id}/timeline', {
      params: { ...at(contactId), query: { limit: 50, cursor } },
    }),
  );

export const useTimeline = (contactId: string) =>
  $api.useInfiniteQuery(
    'get',
    '/api/v1/contacts/{contact_id}/timeline',
    { params: timelineQuery(contactId) },
    paged,
  );

/** Where everything that is kept of a contact is downloaded. */
export function exportUrl(contactId: string): string {
  return `/api/v1/contacts/${contactId}/export`;
}

/** A job when it takes longer, nothing when it is done. */
export const eraseContact = (contactId: string) =>
  ok(api.DELETE('/api/v1/contacts/{contact_id}', { params: at(contactId) }));

/** Who is called what, of those who do things here. */
export function useColleagueNames(): Map<string, string> {
  const { data } = $api.useQuery('get', '/api/v1/colleagues', {}, { staleTime: 60_000 });
  return new Map(data?.items.map(({ id, name }) => [id, name]));
}

export function useRefreshContact(contactId: string) {
  const queryClient = useQueryClient();
  return async () => {
    await Promise.all([
      queryClient.invalidateQueries({ queryKey: ['get', '/api/v1/contacts'] }),
      queryClient.invalidateQueries({ queryKey: ['get', '/api/v1/contacts/{contact_id}'] }),
      queryClient.invalidateQueries({ queryKey: ['get', '/api/v1/contacts/{contact_id}/consents'] }),
      queryClient.invalidateQueries({ queryKey: timelineKey(contactId) }),
    ]);
  };
}
