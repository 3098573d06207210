import { describe, expect, it } from 'vitest';

import { flat, isFewEmoji, isFormatted, parse, parseSpans, safeHref } from './parse';

const bold = (...children: unknown[]) => ({ kind: 'bold', children });
const italic = (...children: unknown[]) => ({ kind: 'italic', children });

describe('marks', () => {
  it.each([
    ['*bold*', [bold('bold')]],
    ['a *b* c', ['a ', bold('b'), ' c']],
    ['*bold _and italic_*', [bold('bold ', italic('and italic'))]],
    ['~gone~, (*in* brackets)', [{ kind: 'strike', children: ['gone'] }, ', (', bold('in'), ' brackets)']],
    ['`x = 1`', [{ kind: 'code', text: 'x = 1' }]],
    ['say ```x``` twice', ['say ', { kind: 'code', text: 'x' }, ' twice']],
    ['`*not bold*`', [{ kind: 'code', text: '*not bold*' }]],
    ['*été*', [bold('été')]],
  ])('%s', (text, expected) => {
    expect(parseSpans(text)).toEqual(expected);
  });

  it.each([
    '2 * 3 * 4', 'snake_case_name', '*open', 'a*b*c', '* space before*', '*space after *', '**', '``', '_ _', '~~~~',
  ])('%s stays as it is', (text) => {
    expect(parseSpans(text).every((span) => typeof span === 'string')).toBe(true);
    expect(parseSpans(text).join('')).toBe(text);
  });

  it('takes a page of open marks in its stride', () => {
    const started = performance.now();
    for (const text of ['*a '.repeat(20_000), '*a _b ~c `d '.repeat(5_000), '> '.repeat(20_000), '`'.repeat(60_000), 'www.a.bc *'.repeat(6_000)]) parse(text);
    expect(performance.now() - started).toBeLessThan(2_000);
  });
});

describe('links', () => {
  it.each([
    ['see https://miga.example/a_b_c.', 'https://miga.example/a_b_c', 'https://miga.example/a_b_c'],
    ['(https://en.wikipedia.org/wiki/Rye_(bread))', 'https://en.wikipedia.org/wiki/Rye_(bread)', undefined],
    ['www.miga.example!', 'www.miga.example', 'https://www.miga.example/'],
    ['*https://miga.example/x*', 'https://miga.example/x', undefined],
    ['https://x.example/~ana/ and ~that~', 'https://x.example/~ana/', undefined],
  ])('%s', (text, shown, href) => {
    const find = (spans: ReturnType<typeof parseSpans>): { text: string; href: string } | undefined => {
      for (const span of spans) {
        if (typeof span === 'string' || span.kind === 'code') continue;
        if (span.kind === 'link') return span;
        const inner = find(span.children);
        if (inner) return inner;
      }
      return undefined;
    };
    const link = find(parseSpans(text));
    expect(link?.text).toBe(shown);
    if (href) expect(link?.href).toBe(href);
  });

  it.each(['javascript:alert(1)', 'data:text/html,x', 'ftp://x.example', 'https://bank.example@evil.example/', 'https://', 'xhttps://a.example'])(
    '%s is no link',
    (text) => {
      expect(parseSpans(text)).toEqual([text]);
      if (!text.startsWith('x')) expect(safeHref(text)).toBeUndefined();
    },
  );
});

describe('blocks', () => {
  it('reads quotes, lists and monospace', () => {
    expect(parse('Hi\n> a\n> b\n- one\n* two\n1. first\n2. second\n```\ncode\n```\nend')).toEqual([
      { kind: 'text', lines: [['Hi']] },
      { kind: 'quote', lines: [['a'], ['b']] },
      { kind: 'list', ordered: false, start: 1, items: [['one'], ['two']] },
      { kind: 'list', ordered: true, start: 1, items: [['first'], ['second']] },
      { kind: 'mono', text: 'code' },
      { kind: 'text', lines: [['end']] },
    ]);
  });

  it('keeps empty lines', () => {
    expect(parse('a\n\nb')).toEqual([{ kind: 'text', lines: [['a'], [], ['b']] }]);
  });

  it('makes one line of it for previews', () => {
    expect(flat('*Opening times*\n\n- _Sunday_ 8:00\n```x```')).toBe('Opening times Sunday 8:00 x');
  });

  it('knows what is formatted, and what is only emoji', () => {
    expect([isFormatted('2 * 3'), isFormatted('*a*')]).toEqual([false, true]);
    expect(['👍', '👩‍👩‍👧 🇵🇹', '🎉🎉🎉', '👍🏽', '1️⃣'].map(isFewEmoji)).toEqual([true, true, true, true, true]);
    expect(['12', '👍👍👍👍', 'ok 👍', '', '#'].map(isFewEmoji)).toEqual([false, false, false, false, false]);
  });
});
