import { describe, expect, it } from 'vitest';

import type { Message } from '../queries';
import { inserted, marked, prefixed } from './formatting';
import { type Pending, unseen } from './outbox';
import { judge, LIMITS, MAX_BYTES, settledKind } from './sendable';

/** `a [b] c`: what is in brackets is selected. */
const read = (shown: string) => {
  const start = shown.indexOf('[');
  const end = shown.indexOf(']') - 1;
  return { text: shown.replace(/[[\]]/g, ''), start, end };
};
const write = ({ text, start, end }: { text: string; start: number; end: number }) =>
  `${text.slice(0, start)}[${text.slice(start, end)}]${text.slice(end)}`;

describe('marks in what is written', () => {
  it.each([
    ['a [b] c', 'a *[b]* c'],
    ['a [ b ] c', 'a  *[b]*  c'],
    ['a *[b]* c', 'a [b] c'],
    ['a [*b*] c', 'a [b] c'],
    ['a [] c', 'a *[]* c'],
    ['[all of it]', '*[all of it]*'],
  ])('%s becomes %s', (before, after) => {
    expect(write(marked(read(before), '*'))).toBe(after);
  });

  it('begins lines, and goes back', () => {
    const quoted = prefixed(read('x\n[a\nb]'), '> ');
    expect(quoted.text).toBe('x\n> a\n> b');
    expect(prefixed(quoted, '> ').text).toBe('x\na\nb');
    expect(prefixed(read('[a\nb]'), '1. ').text).toBe('1. a\n2. b');
  });

  it('puts words where the caret is', () => {
    expect(write(inserted(read('a [b] c'), '👍'))).toBe('a 👍[] c');
  });
});

describe('files', () => {
  it.each([
    [{ type: 'image/jpeg', size: 1 }, { kind: 'image' }],
    [{ type: 'image/jpeg', size: LIMITS.image.bytes + 1 }, { kind: 'document', note: 'asDocumentSize', bytes: LIMITS.image.bytes }],
    [{ type: 'image/webp', size: 1 }, { kind: 'document', note: 'asDocumentType' }],
    [{ type: 'audio/ogg; codecs=opus', size: 1 }, { kind: 'audio' }],
    [{ type: 'application/pdf', size: 1 }, { kind: 'document' }],
    [{ type: 'application/pdf', size: MAX_BYTES + 1 }, { kind: 'document', note: 'tooLarge', bytes: MAX_BYTES }],
    [{ type: 'image/png', size: 0 }, { kind: 'document', note: 'empty' }],
  ])('%o', (file, verdict) => {
    expect(judge(file)).toEqual(verdict);
  });

  it('go out as what their bytes are, or as documents', () => {
    expect([settledKind('image', 'image'), settledKind('image', 'sticker'), settledKind('document', 'image')]).toEqual([
      'image', 'document', 'document',
    ]);
  });
});

describe('messages on their way', () => {
  const pending = (text: string, over: Partial<Pending> = {}): Pending => ({
    key: text, conversationId: 'cnv_1', content: { type: 'text', text: { body: text } }, text, quoted: null,
    at: '2026-11-21T12:00:00Z', after: 'msg_5', isFailed: false, ...over,
  });
  const message = (id: number, text: string) => ({ id: `msg_${id}`, author: 'operator', type: 'text', text }) as Message;

  it('are shown once, whichever comes first: the answer or the feed', () => {
    expect(unseen([pending('a')], [message(4, 'a')])).toHaveLength(1);
    expect(unseen([pending('a')], [message(6, 'a')])).toHaveLength(0);
    expect(unseen([pending('a'), pending('a', { key: 'b' })], [message(6, 'a')])).toHaveLength(1);
    expect(unseen([pending('a', { isFailed: true })], [message(6, 'a')])).toHaveLength(1);
  });
});
