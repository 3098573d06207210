/**
 * Messages on their way to the gateway. Each is shown at once and carries a key of its own, so that sending it again after the
 * connection broke doubles nothing. What the gateway refuses stays here, with the reason, until somebody does something.
 */
import { useSyncExternalStore } from 'react';

import { api, ok, type Schemas } from '~/api/client';

import type { Message } from '../queries';

export type Content = Schemas['SendContent'];

export interface Pending {
  key: string;
  conversationId: string;
  content: Content;
  /** How it reads. */
  text: string | null;
  quoted: Message['quoted'];
  /** A file of it, to be shown from this machine. */
  file?: { url: string; name: string; kind: string };
  at: string;
  /** The newest message when it was sent: its own bubble is newer. */
  after: string;
  error?: unknown;
  isFailed: boolean;
}

const NONE: Pending[] = [];
const boxes = new Map<string, Pending[]>();
const queues = new Map<string, Promise<unknown>>();
const listeners = new Set<() => void>();

function put(conversationId: string, items: Pending[]) {
  if (items.length > 0) boxes.set(conversationId, items);
  else boxes.delete(conversationId);
  for (const listener of listeners) listener();
}

const itemsOf = (conversationId: string) => boxes.get(conversationId) ?? NONE;

export function useOutbox(conversationId: string): Pending[] {
  return useSyncExternalStore(
    (changed) => {
      listeners.add(changed);
      return () => void listeners.delete(changed);
    },
    () => itemsOf(conversationId),
  );
}

export function discard({ conversationId, key, file }: Pending) {
  if (file) URL.revokeObjectURL(file.url);
  put(conversationId, itemsOf(conversationId).filter((item) => item.key !== key));
}

/** Sends after all that was sent before in the same conversation. `done` is told what became of it. */
export function send(
  order: Omit<Pending, 'key' | 'at' | 'isFailed' | 'error'>,
  done: (message: Message) => void,
): Promise<void> {
  const pending: Pending = { ...order, key: crypto.randomUUID(), at: new Date().toISOString(), isFailed: false };
  put(pending.conversationId, [...itemsOf(pending.conversationId), pending]);
  return deliver(pending, done);
}

/** The same again: the gateway knows it by its key if it had come through after all. */
export function sendAgain(pending: Pending, done: (message: Message) => void): Promise<void> {
  const again = { ...pending, isFailed: false, error: undefined };
  replace(again);
  return deliver(again, done);
}

function replace(pending: Pending) {
  put(pending.conversationId, itemsOf(pending.conversationId).map((item) => (item.key === pending.key ? pending : item)));
}

function deliver(pending: Pending, done: (message: Message) => void): Promise<void> {
  const { conversationId, content, key } = pending;
  const before = queues.get(conversationId) ?? Promise.resolve();
  const sent = before.then(async () => {
    try {
      const params = { path: { conversation_id: conversationId }, header: { 'Idempotency-Key': key } };
      const answer = await ok(
        api.POST('/api/v1/conversations/{conversation_id}/messages', { params, body: { content } }),
      );
      done(answer as Message);
      discard(pending);
    } catch (error) {
      replace({ ...pending, error, isFailed: true });
    }
  });
  queues.set(conversationId, sent);
  return sent;
}

/** Those that are not among the messages yet: the feed may be quicker than the answer. */
export function unseen(pending: Pending[], messages: Message[]): Pending[] {
  if (pending.length === 0) return pending;
  const matched = new Set<string>();
  return pending.filter((item) => {
    if (item.isFailed) return true;
    const own = messages.find(
      (message) =>
        message.id > item.after &&
        message.author === 'operator' &&
        message.type === item.content.type &&
        (message.type !== 'text' || message.text === item.text) &&
        !matched.has(message.id),
    );
    if (own) matched.add(own.id);
    return !own;
  });
}
