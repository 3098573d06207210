/** A text around the first place where the words stand, cut so that one sees them. */
export function found(text: string, words: string): { text: string; isHit: boolean; at: number }[] {
  const [whole, wanted] = [text.toLocaleLowerCase(), words.toLocaleLowerCase()];
  const first = wanted === '' ? -1 : whole.indexOf(wanted);
  // Small letters may be longer than large ones: then the places do not match.
  if (first < 0 || whole.length !== text.length) return [{ text: text.slice(0, 160), isHit: false, at: 0 }];
  const from = Math.max(0, first - 40);
  const shown = text.slice(from, first + 160);
  const parts: { text: string; isHit: boolean; at: number }[] = [];
  let at = 0;
  for (;;) {
    const next = shown.toLocaleLowerCase().indexOf(wanted, at);
    if (next < 0) break;
    if (next > at) parts.push({ text: (at === 0 && from > 0 ? '…' : '') + shown.slice(at, next), isHit: false, at });
    parts.push({ text: shown.slice(next, next + wanted.length), isHit: true, at: next });
    at = next + wanted.length;
  }
  parts.push({ text: shown.slice(at) + (first + 160 < text.length ? '…' : ''), isHit: false, at });
  return parts;
}
