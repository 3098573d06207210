/** Puts WhatsApp's marks around what is selected, or takes them away. */

export interface Selected {
  text: string;
  start: number;
  end: number;
}

export type Mark = '*' | '_' | '~' | '`' | '```';

export function marked({ text, start, end }: Selected, mark: Mark): Selected {
  const inner = text.slice(start, end);
  // WhatsApp reads a mark only where it touches a word.
  const from = start + (inner.length - inner.trimStart().length);
  const to = Math.max(from, end - (inner.length - inner.trimEnd().length));
  const size = mark.length;
  if (text.slice(from - size, from) === mark && text.slice(to, to + size) === mark && from >= size) {
    const plain = text.slice(0, from - size) + text.slice(from, to) + text.slice(to + size);
    return { text: plain, start: from - size, end: to - size };
  }
  const words = text.slice(from, to);
  if (words.length > 2 * size && words.startsWith(mark) && words.endsWith(mark)) {
    return { text: text.slice(0, from) + words.slice(size, -size) + text.slice(to), start: from, end: to - 2 * size };
  }
  return { text: text.slice(0, from) + mark + words + mark + text.slice(to), start: from + size, end: to + size };
}

/** Begins each line that is selected with a sign, such as a quote's; or takes it away from all of them. */
export function prefixed({ text, start, end }: Selected, prefix: '> ' | '- ' | '1. '): Selected {
  const from = text.lastIndexOf('\n', start - 1) + 1;
  const lines = text.slice(from, end).split('\n');
  const sign = (at: number) => (prefix === '1. ' ? `${at + 1}. ` : prefix);
  const isAll = lines.every((line, at) => line.startsWith(sign(at)));
  const changed = lines.map((line, at) => (isAll ? line.slice(sign(at).length) : sign(at) + line));
  const middle = changed.join('\n');
  const firstBy = changed[0]!.length - lines[0]!.length;
  return { text: text.slice(0, from) + middle + text.slice(end), start: Math.max(from, start + firstBy), end: from + middle.length };
}

export function inserted({ text, start, end }: Selected, words: string): Selected {
  return { text: text.slice(0, start) + words + text.slice(end), start: start + words.length, end: start + words.length };
}
