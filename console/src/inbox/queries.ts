/** The inbox's questions to the API. */
import { api, ok, type Schemas } from '~/api/client';

export type Message = Schemas['Message'];
export type Conversation = Schemas['Conversation'];
export type Note = Schemas['Note'];
export type InboxCounts = Schemas['Inbox'];
export type MessagePage = Awaited<ReturnType<typeof listMessages>>;
export type Tried = Schemas['Tried'];
export type PresenceState = 'viewing' | 'typing' | 'gone';

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

export const countInbox = (signal?: AbortSignal) => ok(api.GET('/api/v1/inbox', { signal }));

const of = (id: string) => ({ path: { conversation_id: id } });

export const listNotes = (id: string, cursor: string, signal?: AbortSignal) =>
  ok(
    api.GET('/api/v1/conversations/{conversation_id}/notes', {
      params: { ...of(id), query: { limit: 100, cursor } },
      signal,
    }),
  );

export const createNote = (id: string, text: string) =>
  ok(api.POST('/api/v1/conversations/{conversation_id}/notes', { params: of(id), body: { text } }));

export const deleteNote = (id: string) =>
  ok(api.DELETE('/api/v1/notes/{note_id}', { params: { path: { note_id: id } } }));

/** Tells colleagues what we do here. It is a courtesy: nobody hears of it when it fails. */
export const tellPresence = (id: string, state: PresenceState) =>
  ok(
    api.POST('/api/v1/conversations/{conversation_id}/presence', {
      params: of(id),
      body: { state },
      // Leaving the page must not cut it off.
      keepalive: state === 'gone',
    }),
  ).catch(() => undefined);

/** What the agent would answer right now. */
export const draftReply = (id: string, instructions: string | undefined, signal?: AbortSignal) =>
  ok(api.POST('/api/v1/conversations/{conversation_id}/draft', { params: of(id), body: { instructions }, signal }));
