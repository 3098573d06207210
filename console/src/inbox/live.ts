/**
 * What the feed tells, brought into the query cache in place: nothing is read anew. Events that come close together are taken
 * in together, so that a storm of them costs a few drawings a second.
 */
import type { QueryClient } from '@tanstack/react-query';

import type { Conversation, ConversationFilter, Message, Note, Part } from './queries';
import { fits } from './filters';
import { changed, findItem, type Pages, placed, without } from './pages';

export type Told =
  | { type: 'message'; message: Message }
  | { type: 'conversation'; conversation: Conversation }
  | { type: 'note'; note: Note }
  | { type: 'gone'; id: string };

export const conversationsKey = (filter: ConversationFilter) =>
  ['get', '/api/v1/conversations', { params: { query: filter } }] as const;
export const conversationKey = (id: string) =>
  ['get', '/api/v1/conversations/{conversation_id}', { params: { path: { conversation_id: id } } }] as const;
export const messagesKey = (id: string) =>
  ['get', '/api/v1/conversations/{conversation_id}/messages', { params: { path: { conversation_id: id } } }] as const;
export const notesKey = (id: string) =>
  ['get', '/api/v1/conversations/{conversation_id}/notes', { params: { path: { conversation_id: id } } }] as const;
export const countsKey = ['get', '/api/v1/inbox'] as const;

/** What was heard lately: a page that was being read meanwhile may lack it. */
const heard: { at: number; told: Told }[] = [];
const KEPT = 300;

/** Reads a page, and then brings in what was told while it was read. */
export async function readBeside<T>(queryClient: QueryClient, me: string, read: () => Promise<T>): Promise<T> {
  const from = performance.now();
  const page = await read();
  setTimeout(() => {
    const missed = heard.filter((event) => event.at >= from).map((event) => event.told);
    if (missed.length > 0) bring(queryClient, missed, { me });
  });
  return page;
}

export function take(queryClient: QueryClient, batch: Told[], context: Context) {
  const at = performance.now();
  heard.push(...batch.map((told) => ({ at, told })));
  if (heard.length > KEPT) heard.splice(0, heard.length - KEPT);
  bring(queryClient, batch, context);
}

interface Context {
  me: string;
  /** The conversation that is open: it stays in its list while somebody looks at it. */
  open?: string;
}

/** Brings events into whatever the cache holds of their lists. */
export function bring(queryClient: QueryClient, batch: Told[], context: Context) {
  bringLists(queryClient, batch, context);
  const ofConversation = new Map<string, Told[]>();
  for (const told of batch) {
    const id =
      told.type === 'message' ? told.message.conversation_id : told.type === 'note' ? told.note.conversation_id : undefined;
    if (id) ofConversation.set(id, [...(ofConversation.get(id) ?? []), told]);
    if (told.type === 'conversation') {
      queryClient.setQueryData<Conversation>(conversationKey(told.conversation.id), (before) => before && told.conversation);
    }
  }
  for (const [id, events] of ofConversation) {
    queryClient.setQueryData<Pages<Message, Part>>(messagesKey(id), (data) => data && events.reduce(withMessage, data));
    queryClient.setQueryData<Pages<Note, string>>(notesKey(id), (data) => data && events.reduce(withNote, data));
  }
  const gone = batch.filter((told) => told.type === 'gone').map((told) => told.id);
  if (gone.length > 0) drop(queryClient, gone);
}

function bringLists(queryClient: QueryClient, batch: Told[], { me, open }: Context) {
  const now = Date.now();
  for (const query of queryClient.getQueryCache().findAll({ queryKey: ['get', '/api/v1/conversations'] })) {
    const before = query.state.data as Pages<Conversation, string> | undefined;
    // Others ask for conversations too, one page at a time.
    if (!before || !Array.isArray(before.pages)) continue;
    const init = query.queryKey[2] as { params?: { query?: ConversationFilter } } | undefined;
    const filter = init?.params?.query ?? {};
    const after = batch.reduce((data, told) => withConversation(data, told, { filter, me, open, now }), before);
    if (after !== before) queryClient.setQueryData(query.queryKey, after);
  }
}

const isAbove = (one: Conversation, other: Conversation) =>
  one.last_message_at === other.last_message_at ? one.id > other.id : one.last_message_at > other.last_message_at;

function withConversation(
  data: Pages<Conversation, string>,
  told: Told,
  { filter, me, open, now }: { filter: ConversationFilter; me: string; open?: string; now: number },
): Pages<Conversation, string> {
  if (told.type === 'message') {
    const { message } = told;
    return changed(data, message.conversation_id, (conversation) => {
      const last = conversation.last_message;
      return last?.id === message.id ? { ...conversation, last_message: advanced(last, message) } : conversation;
    });
  }
  if (told.type !== 'conversation') return data;
  const { conversation } = told;
  const stays = conversation.id === open && findItem(data, open) !== undefined;
  if (!stays && !fits(conversation, filter, me, now)) return without(data, conversation.id);
  const fromStart = data.pageParams[0] === '';
  const toEnd = !data.pages.at(-1)?.next_cursor;
  return placed(data, conversation, { isBefore: isAbove, fromStart, toEnd });
}

const isNewer = (one: { id: string }, other: { id: string }) => one.id > other.id;
const RANK = ['queued', 'sending', 'unsettled', 'accepted', 'sent', 'delivered', 'read'];

/** A status never moves backwards, whatever order events and pages come in. */
function advanced(before: Message, after: Message): Message {
  const rank = (message: Message) => (message.status === 'failed' ? 99 : RANK.indexOf(message.status ?? ''));
  const isBack = after.status !== 'failed' && before.status !== 'failed' && rank(after) < rank(before);
  // Queued again after Graph asked for patience is a step back that is real.
  return isBack && after.status !== 'queued' ? before : after;
}

function withMessage(data: Pages<Message, Part>, told: Told): Pages<Message, Part> {
  if (told.type !== 'message') return data;
  const { message } = told;
  const there = findItem(data, message.id);
  if (there) return changed(data, message.id, (before) => advanced(before, message));
  const grown = placed(data, message, {
    isBefore: isNewer,
    fromStart: reachesNow(data),
    toEnd: !data.pages.at(-1)?.next_cursor,
  });
  return message.type === 'reaction' && message.reply_to ? withReaction(grown, message) : grown;
}

/** A reaction is told as a message of its own; its bubble is not told again. */
function withReaction(data: Pages<Message, Part>, reaction: Message): Pages<Message, Part> {
  const target = data.pages.flatMap((page) => page.items).find((message) => message.wamid === reaction.reply_to);
  if (!target || reaction.content.type !== 'reaction' || !('reaction' in reaction.content)) return data;
  const emoji = (reaction.content.reaction as { emoji?: string | null }).emoji;
  return changed(data, target.id, (message) => {
    const others = message.reactions.filter((other) => other.direction !== reaction.direction);
    const own = emoji ? [{ emoji, direction: reaction.direction, at: reaction.sent_at }] : [];
    return { ...message, reactions: [...others, ...own] };
  });
}

function withNote(data: Pages<Note, string>, told: Told): Pages<Note, string> {
  if (told.type !== 'note') return data;
  return placed(data, told.note, { isBefore: isNewer, fromStart: true, toEnd: !data.pages.at(-1)?.next_cursor });
}

function drop(queryClient: QueryClient, ids: string[]) {
  for (const query of queryClient.getQueryCache().findAll({ queryKey: ['get'] })) {
    const data = query.state.data as Pages<{ id: string }> | undefined;
    if (!String(query.queryKey[1]).startsWith('/api/v1/conversations') || !Array.isArray(data?.pages)) continue;
    const after = ids.reduce(without, data);
    if (after !== data) queryClient.setQueryData(query.queryKey, after);
  }
}

/** Where the newer messages than those kept are; nothing where there are none. */
export function newerPart(page: { items: Message[]; previous_cursor?: string | null }, part: Part): Part | undefined {
  if ('cursor' in part && part.cursor === '') return undefined;
  if (page.previous_cursor) return { after: page.previous_cursor };
  // Newer pages were there and were dropped.
  const newest = page.items[0];
  return 'cursor' in part && newest ? { after: newest.id } : undefined;
}

/** Whether the newest message of the conversation is among those that are kept. */
export function reachesNow(data: Pages<Message, Part>): boolean {
  const [page, part] = [data.pages[0], data.pageParams[0]];
  return !page || !part || newerPart(page, part) === undefined;
}
