import { describe, expect, it } from 'vitest';

import type { Message, Note } from '../queries';
import { type Chat, kept, type Row, step, toRows } from './rows';

const message = (id: number, over: Partial<Message> = {}): Message => ({
  id: `msg_${String(id).padStart(3, '0')}`,
  wamid: `wamid.${id}`,
  conversation_id: 'cnv_1',
  number_id: 'num_1',
  direction: 'inbound',
  author: 'customer',
  type: 'text',
  content: { type: 'text', text: { body: 'x' } },
  text: 'x',
  reactions: [],
  warnings: [],
  sends: 0,
  sent_at: new Date(2026, 10, 20, 12, id % 60).toISOString(),
  created_at: new Date(2026, 10, 20, 12, id % 60).toISOString(),
  ...over,
});
const note = (id: number): Note => ({
  id: `note_${String(id).padStart(3, '0')}`,
  conversation_id: 'cnv_1',
  author: 'mem_1',
  text: 'n',
  created_at: new Date(2026, 10, 20, 12, id % 60).toISOString(),
});
const chat = (over: Partial<Chat>): Chat => ({
  messages: [],
  notes: [],
  pending: [],
  unread: null,
  isThinking: false,
  isFromStart: true,
  ...over,
});
const keys = (rows: Row[]) => rows.map((row) => (row.kind === 'day' ? 'day' : row.key));

describe('the rows of a chat', () => {
  it('have a line for each day, and one where the unread begins', () => {
    const messages = [
      message(1, { sent_at: new Date(2026, 10, 19).toISOString() }),
      message(2),
      message(3, { direction: 'outbound', author: 'agent' }),
    ];
    const rows = toRows(chat({ messages, unread: { from: 'msg_002', count: 1 } }));
    expect(keys(rows)).toEqual(['top', 'day', 'msg_001', 'day', 'unread', 'msg_002', 'msg_003']);
  });

  it('join what one side says in one go', () => {
    const rows = toRows(chat({ messages: [message(1), message(2), message(9), message(10, { direction: 'outbound', author: 'agent' })] }));
    expect(rows.flatMap((row) => (row.kind === 'message' ? [[row.first, row.last]] : []))).toEqual([
      [true, false],
      [false, true],
      [true, true],
      [true, true],
    ]);
  });

  it('put notes between messages by time, and none from before what is loaded', () => {
    const notes = [note(1), note(3), note(9)];
    expect(keys(toRows(chat({ messages: [message(2), message(5)], notes, isFromStart: false })))).toEqual([
      'top', 'day', 'msg_002', 'note_003', 'msg_005', 'note_009',
    ]);
    expect(keys(toRows(chat({ messages: [message(2)], notes })))).toEqual(['top', 'day', 'note_001', 'msg_002', 'note_003', 'note_009']);
  });

  it('show edits and revokes on what they change, and reactions there alone', () => {
    const messages = [
      message(1),
      message(2),
      message(3, { type: 'edit', reply_to: 'wamid.1', text: 'y' }),
      message(4, { type: 'revoke', reply_to: 'wamid.2' }),
      message(5, { type: 'reaction', reply_to: 'wamid.1' }),
      message(6, { type: 'reaction', reply_to: 'wamid.0' }),
    ];
    const rows = toRows(chat({ messages }));
    expect(keys(rows)).toEqual(['top', 'day', 'msg_001', 'msg_002', 'msg_003', 'msg_004', 'msg_006']);
    expect(rows[2]).toMatchObject({ edit: { text: 'y' }, isRevoked: false });
    expect(rows[3]).toMatchObject({ edit: undefined, isRevoked: true });
    expect(rows.slice(4).every((row) => row.kind === 'event')).toBe(true);
  });

  it('stay the same where nothing changed', () => {
    const messages = [message(1), message(2)];
    const before = toRows(chat({ messages }));
    const after = kept(toRows(chat({ messages: [...messages, message(3)] })), new Map(before.map((row) => [row.key, row])));
    expect(after[2]).toBe(before[2]);
    expect(after[3]).not.toBe(before[3]);
  });
});

describe('the way to new rows', () => {
  const rows = (...ids: number[]) => toRows(chat({ messages: ids.map((id) => message(id)) }));

  it('is one step at one end, and two at both', () => {
    expect(step([], rows(1))).toMatchObject({ shift: false, done: true });
    expect(step(rows(5, 6), rows(5, 6, 7))).toMatchObject({ shift: false, done: true });
    expect(step(rows(5, 6), rows(3, 4, 5, 6))).toMatchObject({ shift: true, done: true });
    expect(step(rows(3, 4, 5), rows(5))).toMatchObject({ shift: true, done: true });
    const first = step(rows(5, 6), rows(3, 4, 5, 6, 7));
    expect(first).toMatchObject({ shift: true, done: false });
    expect(keys(first.rows)).toEqual(['top', 'day', 'msg_003', 'msg_004', 'msg_005', 'msg_006']);
    expect(step(first.rows, rows(3, 4, 5, 6, 7))).toMatchObject({ shift: false, done: true });
  });

  it('is one step to somewhere else', () => {
    expect(step(rows(1, 2), rows(7, 8))).toMatchObject({ done: true });
  });
});
