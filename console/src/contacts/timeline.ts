import type { TimelineItem } from './queries';

export type Row = { day: string; key: string } | { item: TimelineItem; key: string };

/** Items have no id of their own; this tells them apart. */
export function keyOf(item: TimelineItem): string {
  return [item.at, item.kind, item.message_id, item.turn_id, item.summary].join('|');
}

/** The items with a heading before each day's first, days as the clock on the wall here has them. */
export function rowsOf(items: TimelineItem[]): Row[] {
  const rows: Row[] = [];
  let last = '';
  for (const item of items) {
    const at = new Date(item.at);
    const day = new Date(at.getFullYear(), at.getMonth(), at.getDate()).toISOString();
    if (day !== last) rows.push({ day, key: (last = day) });
    rows.push({ item, key: keyOf(item) });
  }
  return rows;
}

/**
 * What `newest`, the first page read anew, has before the first item that is known; null when it does not reach that far, so
 * that something in between would be missed.
 */
export function newOnes(newest: TimelineItem[], known: TimelineItem[]): TimelineItem[] | null {
  const first = known[0];
  if (!first) return null;
  const at = newest.findIndex((item) => keyOf(item) === keyOf(first));
  return at < 0 ? null : newest.slice(0, at);
}
