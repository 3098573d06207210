/** The inbox's questions to the API. */
import { ApiFailure, api, changeHeaders, ok, type Schemas } from '~/api/client';

export type Message = Schemas['Message'];
export type Conversation = Schemas['Conversation'];
export type Note = Schemas['Note'];
export type InboxCounts = Schemas['Inbox'];
export type MessagePage = Awaited<ReturnType<typeof listMessages>>;
export type Tried = Schemas['Tried'];
export type PresenceState = 'viewing' | 'typing' | 'gone';

export interface Page<Item> {
  items: Item[];
  next_cursor?: string | null;
}

/** What conversations are listed by. */
export interface ConversationFilter {
  number_id?: string;
  agent_id?: string;
  owner?: Schemas['Owner'];
  /** An actor, or `me`. */
  taken_by?: string;
  task?: 'open';
  unread?: boolean;
  window?: 'open' | 'closing' | 'closed';
  q?: string;
}

/** Which part of a conversation's messages: the newest, what is older, what is newer, or what is around one. */
export type Part = { cursor: string } | { after: string } | { around: string };

export const LIST_LIMIT = 50;

export function listConversations(filter: ConversationFilter, cursor: string, signal?: AbortSignal) {
  const query = { ...filter, cursor, limit: LIST_LIMIT };
  return ok(api.GET('/api/v1/conversations', { params: { query }, signal }));
}

export function listMessages(id: string, part: Part, signal?: AbortSignal) {
  const query = { ...part, limit: LIST_LIMIT };
  const params = { path: { conversation_id: id }, query };
  return ok(api.GET('/api/v1/conversations/{conversation_id}/messages', { params, signal }));
}

/** Messages whose text contains the words, newest first. A page may be short and still go on. */
export function searchMessages(words: string, conversationId: string | undefined, cursor: string, signal?: AbortSignal) {
  const query = { q: words, conversation_id: conversationId, cursor, limit: 30 };
  return ok(api.GET('/api/v1/messages', { params: { query }, signal }));
}

export const countInbox = (signal?: AbortSignal) => call<InboxCounts>('GET', '/inbox', { signal });

export const listNotes = (id: string, cursor: string, signal?: AbortSignal) =>
  call<Page<Note>>('GET', `/conversations/${id}/notes?limit=100&cursor=${encodeURIComponent(cursor)}`, { signal });
export const createNote = (id: string, text: string) =>
  call<Note>('POST', `/conversations/${id}/notes`, { body: { text } });
export const deleteNote = (id: string) => call<undefined>('DELETE', `/notes/${id}`);

/** Tells colleagues what we do here. It is a courtesy: nobody hears of it when it fails. */
export const tellPresence = (id: string, state: PresenceState) =>
  call<undefined>('POST', `/conversations/${id}/presence`, { body: { state }, keepalive: state === 'gone' }).catch(
    () => undefined,
  );

/** What the agent would answer right now. */
export const draftReply = (id: string, instructions: string | undefined, signal?: AbortSignal) =>
  call<Tried>('POST', `/conversations/${id}/draft`, { body: instructions ? { instructions } : {}, signal });

/** Whether the gateway is too old to know what was asked for. */
export function isMissing(error: unknown): boolean {
  return error instanceof ApiFailure && (error.status === 404 || error.status === 405);
}

export async function call<T>(
  method: string,
  path: string,
  { body, ...rest }: { body?: unknown; signal?: AbortSignal; keepalive?: boolean } = {},
): Promise<T> {
  const response = await fetch(`/api/v1${path}`, {
    ...rest,
    method,
    credentials: 'same-origin',
    headers: { ...(body ? { 'content-type': 'application/json' } : {}), ...(method === 'GET' ? {} : changeHeaders()) },
    body: body ? JSON.stringify(body) : undefined,
  });
  if (response.status === 204) return undefined as T;
  const answer = await response.json().catch(() => ({}));
  if (!response.ok) throw new ApiFailure(answer, response.status);
  return answer as T;
}
