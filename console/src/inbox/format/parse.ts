/**
 * WhatsApp's own markup, read into a tree: *bold*, _italic_, ~struck~, `code`, ```monospace```, > quotes and lists. What it
 * gives is data; nothing of a customer's words ever becomes markup of ours.
 */

export type Span =
  | string
  | { kind: 'bold' | 'italic' | 'strike'; children: Span[] }
  | { kind: 'code'; text: string }
  | { kind: 'link'; href: string; text: string };

export type Block =
  | { kind: 'text' | 'quote'; lines: Span[][] }
  | { kind: 'list'; ordered: boolean; start: number; items: Span[][] }
  | { kind: 'mono'; text: string };

type Marked = 'bold' | 'italic' | 'strike';
const MARKS: Record<string, Marked> = { '*': 'bold', _: 'italic', '~': 'strike' };
/** Deeper than anybody writes. */
const MAX_DEPTH = 6;
const LONGEST_LINK = 2_000;

export function parse(text: string): Block[] {
  const blocks: Block[] = [];
  const fence = /```([^`]|`(?!``))+```/g;
  let from = 0;
  for (const found of text.matchAll(fence)) {
    const [start, end] = [found.index, found.index + found[0].length];
    const inner = found[0].slice(3, -3);
    const isAlone = (start === 0 || text[start - 1] === '\n') && (end === text.length || text[end] === '\n');
    if (inner.trim() === '' || !(isAlone || inner.includes('\n'))) continue;
    parseLines(text.slice(from, start).replace(/\n$/, ''), blocks);
    blocks.push({ kind: 'mono', text: inner.replace(/^\n|\n$/g, '') });
    from = text[end] === '\n' ? end + 1 : end;
  }
  parseLines(text.slice(from), blocks);
  return blocks;
}

function parseLines(text: string, blocks: Block[]) {
  if (text === '') return;
  let open: Block | undefined;
  const add = (block: Block) => {
    blocks.push(block);
    open = block;
  };
  for (const line of text.split('\n')) {
    const quote = /^> ?(.*)$/.exec(line);
    const bullet = /^\s{0,4}[-*•] +(.+)$/.exec(line);
    const number = /^\s{0,4}(\d{1,3})[.)] +(.+)$/.exec(line);
    if (quote) {
      if (open?.kind !== 'quote') add({ kind: 'quote', lines: [] });
      if (open?.kind === 'quote') open.lines.push(parseSpans(quote[1] ?? ''));
    } else if (bullet) {
      if (open?.kind !== 'list' || open.ordered) add({ kind: 'list', ordered: false, start: 1, items: [] });
      if (open?.kind === 'list') open.items.push(parseSpans(bullet[1] ?? ''));
    } else if (number) {
      const is = Number(number[1]);
      const goesOn = open?.kind === 'list' && open.ordered && open.start + open.items.length === is;
      if (!goesOn) add({ kind: 'list', ordered: true, start: is, items: [] });
      if (open?.kind === 'list') open.items.push(parseSpans(number[2] ?? ''));
    } else {
      if (open?.kind !== 'text') add({ kind: 'text', lines: [] });
      if (open?.kind === 'text') open.lines.push(parseSpans(line));
    }
  }
}

interface Link {
  end: number;
  href: string;
}
/** By where they begin. */
type Links = Map<number, Link>;

export function parseSpans(line: string): Span[] {
  return spans(line, 0, line.length, findLinks(line), 0);
}

function spans(line: string, from: number, to: number, links: Links, depth: number): Span[] {
  const out: Span[] = [];
  let plain = from;
  let at = from;
  // A mark that is never closed is not looked for again, so that a page of asterisks costs no more than its length.
  const unclosed = new Set<string>();
  const flush = (until: number) => {
    if (until > plain) out.push(line.slice(plain, until));
  };
  const take = (span: Span, end: number) => {
    flush(at);
    out.push(span);
    at = end;
    plain = end;
  };
  while (at < to) {
    const char = line[at]!;
    const link = links.get(at);
    if (link && link.end <= to) {
      take({ kind: 'link', href: link.href, text: line.slice(at, link.end) }, link.end);
      continue;
    }
    if (char === '`' && !unclosed.has('`')) {
      const fence = line.startsWith('```', at) ? '```' : '`';
      const end = line.indexOf(fence, at + fence.length);
      const text = line.slice(at + fence.length, end);
      if (end < 0 || end + fence.length > to) unclosed.add('`');
      else if (text.trim() !== '') {
        take({ kind: 'code', text }, end + fence.length);
        continue;
      }
    }
    const kind = MARKS[char];
    if (kind && depth < MAX_DEPTH && !unclosed.has(char) && opens(line, at, from, to)) {
      const end = closing(line, char, at, to, links);
      if (end < 0) unclosed.add(char);
      else {
        take({ kind, children: spans(line, at + 1, end, links, depth + 1) }, end + 1);
        continue;
      }
    }
    at += 1;
  }
  flush(to);
  return out;
}

function opens(line: string, at: number, from: number, to: number): boolean {
  const next = at + 1 < to ? line[at + 1]! : ' ';
  return (at === from || !isWord(line[at - 1]!)) && !isSpace(next) && next !== line[at];
}

/** The place of the mark that closes the one at `open`, or -1. */
function closing(line: string, mark: string, open: number, to: number, links: Links): number {
  for (let at = open + 1; at < to; at += 1) {
    const link = links.get(at);
    if (link) {
      at = link.end - 1;
      continue;
    }
    if (at === open + 1 || line[at] !== mark || isSpace(line[at - 1]!)) continue;
    if (at + 1 >= to || !isWord(line[at + 1]!)) return at;
  }
  return -1;
}

const isWord = (char: string) => /[\p{L}\p{N}]/u.test(char);
const isSpace = (char: string) => /\s/.test(char);

/** Addresses of the web, and nothing else: what is not http or https is shown as it was written. */
function findLinks(line: string): Links {
  const links: Links = new Map();
  for (const found of line.matchAll(/(?:https?:\/\/|www\.)[^\s<>"`]+/gi)) {
    const before = line[found.index - 1];
    if (found[0].length > LONGEST_LINK || (before !== undefined && isWord(before))) continue;
    const text = trimmed(found[0]);
    const href = safeHref(text);
    if (href) links.set(found.index, { end: found.index + text.length, href });
  }
  return links;
}

/** Without what belongs to the sentence around it. */
function trimmed(address: string): string {
  let text = address;
  for (;;) {
    const last = text.at(-1);
    if (last === undefined) return text;
    const isOpenBracket = last === ')' && text.split('(').length > text.split(')').length - 1;
    if (!/[.,!?;:'"*_~»”’\])}]/.test(last) || isOpenBracket) return text;
    text = text.slice(0, -1);
  }
}

/** The address as it may be gone to, or nothing. */
export function safeHref(text: string | null | undefined): string | undefined {
  if (!text) return undefined;
  const whole = /^www\./i.test(text) ? `https://${text}` : text;
  if (!URL.canParse(whole)) return undefined;
  const url = new URL(whole);
  // A name before the host makes an address look like another one's.
  if (!['http:', 'https:'].includes(url.protocol) || url.username || url.password || !url.hostname) return undefined;
  return url.href;
}

/** The words alone, on one line: for previews. */
export function flat(text: string): string {
  const words = (span: Span): string =>
    typeof span === 'string' ? span : 'children' in span ? span.children.map(words).join('') : span.text;
  const line = (spans: Span[]) => spans.map(words).join('');
  const block = (block: Block): string[] => {
    if (block.kind === 'mono') return [block.text];
    return (block.kind === 'list' ? block.items : block.lines).map(line);
  };
  return parse(text).flatMap(block).join(' ').replace(/\s+/g, ' ').trim();
}

/** Whether anything in it would look different from how it is written. */
export function isFormatted(text: string): boolean {
  return parse(text).some(
    (block) => block.kind !== 'text' || block.lines.some((line) => line.some((span) => typeof span !== 'string')),
  );
}

const FEW_EMOJI =
  /^(?:(?:\p{RI}\p{RI}|\p{Emoji}(?:\p{EMod}|\uFE0F\u20E3?)?(?:\u200D\p{Emoji}(?:\p{EMod}|\uFE0F)?)*)\s*){1,3}$/u;

/** One to three emoji and nothing else: they are shown large. */
export function isFewEmoji(text: string): boolean {
  return text.length < 60 && FEW_EMOJI.test(text) && !/^[\d#*\s]+$/.test(text);
}
