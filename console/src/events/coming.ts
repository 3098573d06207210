/** What the API will have of events; to be swapped for the generated types. */
import type { Schemas } from '~/api/client';

export type EventStatus = Schemas['EventStatus'] | 'erased';

/** The state of an event. One whose contact was erased lost its body and cannot be replayed. */
export function statusOf(event: Schemas['Event']): EventStatus {
  return event.status;
}

/** The filters of the list, also those that the document does not name yet. */
export function eventFilters({ status, ...rest }: { status?: EventStatus; number_id?: string; limit: number }) {
  return { ...rest, status: status as Schemas['EventStatus'] | undefined };
}
