/** What a chat shows, line by line, made of messages, notes and what is on its way. */
import type { Message, Note } from '../queries';
import type { Pending } from '../composer/outbox';

export type Row =
  | { kind: 'start' | 'loading'; key: string }
  | { kind: 'day'; key: string; at: string }
  | { kind: 'unread'; key: string; count: number }
  | { kind: 'note'; key: string; note: Note }
  | { kind: 'event'; key: string; message: Message }
  | { kind: 'pending'; key: string; pending: Pending }
  | { kind: 'thinking'; key: string }
  | MessageRow;

export interface MessageRow {
  kind: 'message';
  key: string;
  message: Message;
  /** Whether it begins, or ends, what one side says in one go. */
  first: boolean;
  last: boolean;
  /** What it was changed to later. */
  edit?: Message;
  /** Its writer took it back. */
  isRevoked: boolean;
}

export interface Chat {
  /** Oldest first. */
  messages: Message[];
  notes: Note[];
  pending: Pending[];
  unread: { from: string; count: number } | null;
  isThinking: boolean;
  /** Whether nothing is older than the first message. */
  isFromStart: boolean;
}

/** Messages that nobody says: they are told in a line of their own. */
const EVENTS = new Set(['system', 'call', 'request_welcome', 'messaging_handover', 'edit', 'revoke', 'reaction']);
const RUN_MS = 5 * 60 * 1000;

const time = (id: string) => id.slice(id.indexOf('_') + 1);

export function toRows({ messages, notes, pending, unread, isThinking, isFromStart }: Chat): Row[] {
  const { edits, revoked } = changesOf(messages);
  const known = new Set(messages.map((message) => message.wamid));
  const rows: Row[] = [{ kind: isFromStart ? 'start' : 'loading', key: 'top' }];
  let day = '';
  let run: { row: MessageRow; by: string; at: number } | undefined;
  let nextNote = isFromStart ? 0 : notes.findIndex((note) => time(note.id) > time(messages[0]?.id ?? ''));
  if (nextNote < 0) nextNote = notes.length;

  const dayOf = (at: string) => {
    const is = new Date(at).toDateString();
    if (is === day) return;
    day = is;
    run = undefined;
    rows.push({ kind: 'day', key: `day ${is}`, at });
  };
  const notesUntil = (id: string | null) => {
    for (let note = notes[nextNote]; note && (id === null || time(note.id) < time(id)); note = notes[nextNote]) {
      dayOf(note.created_at);
      rows.push({ kind: 'note', key: note.id, note });
      run = undefined;
      nextNote += 1;
    }
  };

  for (const message of messages) {
    notesUntil(message.id);
    dayOf(message.sent_at);
    if (unread?.from === message.id) {
      rows.push({ kind: 'unread', key: 'unread', count: unread.count });
      run = undefined;
    }
    if (EVENTS.has(message.type)) {
      // A reaction is shown on its bubble, as far as there is one.
      if (message.type === 'reaction' && (message.quoted || known.has(message.reply_to))) continue;
      rows.push({ kind: 'event', key: message.id, message });
      run = undefined;
      continue;
    }
    const by = `${message.direction} ${message.author} ${message.sent_by?.actor ?? ''}`;
    const at = new Date(message.sent_at).getTime();
    const goesOn = run !== undefined && run.by === by && at - run.at < RUN_MS;
    if (goesOn && run) run.row.last = false;
    const edit = message.wamid ? edits.get(message.wamid) : undefined;
    const isRevoked = !!message.wamid && revoked.has(message.wamid);
    const row: MessageRow = { kind: 'message', key: message.id, message, first: !goesOn, last: true, edit, isRevoked };
    rows.push(row);
    run = { row, by, at };
  }
  notesUntil(null);
  for (const item of pending) {
    dayOf(item.at);
    rows.push({ kind: 'pending', key: item.key, pending: item });
  }
  if (isThinking) rows.push({ kind: 'thinking', key: 'thinking' });
  return rows;
}

function changesOf(messages: Message[]) {
  const edits = new Map<string, Message>();
  const revoked = new Set<string>();
  for (const message of messages) {
    if (!message.reply_to) continue;
    if (message.type === 'edit') edits.set(message.reply_to, message);
    if (message.type === 'revoke') revoked.add(message.reply_to);
  }
  return { edits, revoked };
}

/** The same rows, each as it was before where nothing about it changed: those are not drawn again. */
export function kept(rows: Row[], before: Map<string, Row>): Row[] {
  return rows.map((row) => {
    const was = before.get(row.key);
    return was && isSame(was, row) ? was : row;
  });
}

function isSame(one: Row, other: Row): boolean {
  const [left, right] = [one as unknown as Record<string, unknown>, other as unknown as Record<string, unknown>];
  return Object.keys(right).every((key) => left[key] === right[key]);
}

/**
 * The next rows to show on the way from `before` to `after`. The list keeps its place by counting from one end, so rows that
 * come or go at both ends are shown in two steps; `shift` says that this step is about the start.
 */
export function step(before: Row[], after: Row[]): { rows: Row[]; shift: boolean; done: boolean } {
  const places = new Map(after.map((row, at) => [row.key, at]));
  const isAnchor = (row: Row) => (row.kind === 'message' || row.kind === 'note' || row.kind === 'event') && places.has(row.key);
  const was = before.findIndex(isAnchor);
  const is = was < 0 ? -1 : places.get(before[was]!.key)!;
  if (is === was) return { rows: after, shift: false, done: true };
  if (after.length - before.length === is - was) return { rows: after, shift: true, done: true };
  return { rows: [...after.slice(0, is), ...before.slice(was)], shift: true, done: false };
}
