/** How a message went, in one answer. */
import { api, ok, type Schemas } from '~/api/client';

export type Why = Schemas['Why'];
export type Turn = NonNullable<Why['turn']>;
export type Step = Schemas['Step'];
export type StepKind = Step['step'];
export type Send = Schemas['Send'];

export const explainMessage = (id: string, signal?: AbortSignal) =>
  ok(api.GET('/api/v1/messages/{message_id}/why', { params: { path: { message_id: id } }, signal }));
