import { QueryClient } from '@tanstack/react-query';
import { beforeEach, describe, expect, it } from 'vitest';

import type { Conversation, Message, Part } from './queries';
import { bring, conversationsKey, messagesKey } from './live';
import type { Pages } from './pages';

let queryClient: QueryClient;
beforeEach(() => {
  queryClient = new QueryClient();
});

const message = (id: number, over: Partial<Message> = {}): Message => ({
  id: `msg_${id}`,
  wamid: `wamid.${id}`,
  conversation_id: 'cnv_1',
  number_id: 'num_1',
  direction: 'outbound',
  author: 'agent',
  type: 'text',
  content: { type: 'text', text: { body: 'x' } },
  reactions: [],
  warnings: [],
  sends: 1,
  sent_at: '2026-11-21T12:00:00Z',
  created_at: '2026-11-21T12:00:00Z',
  ...over,
});
const conversation = (id: number, over: Partial<Conversation> = {}): Conversation => ({
  id: `cnv_${id}`,
  number_id: 'num_1',
  contact: { id: `con_${id}`, blocked: false },
  owner: 'agent',
  unread: 1,
  last_message_at: `2026-11-21T12:0${id}:00Z`,
  created_at: '2026-11-01T11:00:00Z',
  ...over,
});
const list = (items: Conversation[]): Pages<Conversation, string> => ({ pages: [{ items, next_cursor: null }], pageParams: [''] });
const chat = (items: Message[], part: Part = { cursor: '' }): Pages<Message, Part> => ({
  pages: [{ items, next_cursor: null }],
  pageParams: [part],
});
const ids = (key: readonly unknown[]) =>
  queryClient.getQueryData<Pages<{ id: string }>>(key)?.pages.flatMap((page) => page.items.map((item) => item.id));

describe('what the feed tells', () => {
  it('moves a conversation up, and out of lists it does not fit any more', () => {
    const [all, unread] = [conversationsKey({}), conversationsKey({ unread: true })];
    for (const key of [all, unread]) queryClient.setQueryData(key, list([conversation(3), conversation(2)]));
    const told = { type: 'conversation' as const, conversation: conversation(2, { unread: 0, last_message_at: '2026-11-21T12:09:00Z' }) };
    bring(queryClient, [told], { me: 'mem_1' });
    expect([ids(all), ids(unread)]).toEqual([['cnv_2', 'cnv_3'], ['cnv_3']]);
  });

  it('leaves the open conversation in its list', () => {
    const key = conversationsKey({ unread: true });
    queryClient.setQueryData(key, list([conversation(3), conversation(2)]));
    bring(queryClient, [{ type: 'conversation', conversation: conversation(2, { unread: 0 }) }], { me: 'mem_1', open: 'cnv_2' });
    expect(ids(key)).toEqual(['cnv_3', 'cnv_2']);
  });

  it('adds a message where the newest are shown, and nowhere else', () => {
    queryClient.setQueryData(messagesKey('cnv_1'), chat([message(1)]));
    queryClient.setQueryData(messagesKey('cnv_2'), chat([message(1)], { cursor: 'older' }));
    const told = [1, 2].map((id) => ({ type: 'message' as const, message: message(9, { conversation_id: `cnv_${id}` }) }));
    bring(queryClient, told, { me: 'mem_1' });
    expect([ids(messagesKey('cnv_1')), ids(messagesKey('cnv_2'))]).toEqual([['msg_9', 'msg_1'], ['msg_1']]);
  });

  it('never takes a tick back, and puts a reaction on its bubble', () => {
    queryClient.setQueryData(messagesKey('cnv_1'), chat([message(1, { status: 'read' })]));
    const reaction = message(2, {
      type: 'reaction', direction: 'inbound', reply_to: 'wamid.1', content: { type: 'reaction', reaction: { emoji: '👍' } },
    });
    bring(queryClient, [{ type: 'message', message: message(1, { status: 'sent' }) }, { type: 'message', message: reaction }], { me: 'mem_1' });
    const shown = queryClient.getQueryData<Pages<Message>>(messagesKey('cnv_1'))!.pages[0]!.items.at(-1);
    expect(shown).toMatchObject({ status: 'read', reactions: [{ emoji: '👍', direction: 'inbound' }] });
  });

  it('changes the ticks in the list', () => {
    const key = conversationsKey({});
    queryClient.setQueryData(key, list([conversation(1, { last_message: message(1, { status: 'sent' }) })]));
    bring(queryClient, [{ type: 'message', message: message(1, { status: 'read' }) }], { me: 'mem_1' });
    expect(queryClient.getQueryData<Pages<Conversation>>(key)!.pages[0]!.items[0]!.last_message!.status).toBe('read');
  });

  it('forgets what is gone', () => {
    queryClient.setQueryData(conversationsKey({}), list([conversation(1), conversation(2)]));
    bring(queryClient, [{ type: 'gone', id: 'cnv_1' }], { me: 'mem_1' });
    expect(ids(conversationsKey({}))).toEqual(['cnv_2']);
  });
});
