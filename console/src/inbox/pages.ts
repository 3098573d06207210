/**
 * Changes to a stretch of a long list, as the query cache holds it: pages, the newest first. Only a bounded stretch is ever
 * kept, so looking through it costs the same however long the list is.
 */
import type { InfiniteData } from '@tanstack/react-query';

export interface ListPage<Item> {
  items: Item[];
  next_cursor?: string | null;
  previous_cursor?: string | null;
}

export type Pages<Item, Param = unknown> = InfiniteData<ListPage<Item>, Param>;

/** Pages that are kept of a list, at the most. */
export const MAX_PAGES = 12;

interface Place {
  page: number;
  item: number;
}

export function findPlace<Item extends { id: string }>(data: Pages<Item>, id: string): Place | undefined {
  for (let page = 0; page < data.pages.length; page += 1) {
    const item = data.pages[page]!.items.findIndex((item) => item.id === id);
    if (item >= 0) return { page, item };
  }
  return undefined;
}

export function findItem<Item extends { id: string }>(data: Pages<Item> | undefined, id: string): Item | undefined {
  const place = data && findPlace(data, id);
  return place && data.pages[place.page]!.items[place.item];
}

function withPage<Item, Param>(data: Pages<Item, Param>, page: number, items: Item[]): Pages<Item, Param> {
  return { ...data, pages: data.pages.map((before, at) => (at === page ? { ...before, items } : before)) };
}

export function without<Item extends { id: string }, Param>(data: Pages<Item, Param>, id: string): Pages<Item, Param> {
  const place = findPlace(data, id);
  if (!place) return data;
  return withPage(data, place.page, data.pages[place.page]!.items.toSpliced(place.item, 1));
}

export function changed<Item extends { id: string }, Param>(
  data: Pages<Item, Param>,
  id: string,
  change: (item: Item) => Item,
): Pages<Item, Param> {
  const place = findPlace(data, id);
  if (!place) return data;
  const { items } = data.pages[place.page]!;
  const after = change(items[place.item]!);
  return after === items[place.item] ? data : withPage(data, place.page, items.with(place.item, after));
}

/**
 * Puts an item where it belongs by `isBefore`, or takes its new state over where it stands already. One that belongs before
 * or after the stretch that is kept is not put anywhere: it comes with its page.
 */
export function placed<Item extends { id: string }, Param>(
  data: Pages<Item, Param>,
  item: Item,
  { isBefore, fromStart, toEnd }: { isBefore: (one: Item, other: Item) => boolean; fromStart: boolean; toEnd: boolean },
): Pages<Item, Param> {
  const there = findItem(data, item.id);
  if (there && !isBefore(there, item) && !isBefore(item, there)) return changed(data, item.id, () => item);
  const rest = there ? without(data, item.id) : data;
  for (let page = 0; page < rest.pages.length; page += 1) {
    const { items } = rest.pages[page]!;
    const at = items.findIndex((other) => isBefore(item, other));
    if (at < 0) continue;
    const isFirst = at === 0 && rest.pages.slice(0, page).every((before) => before.items.length === 0);
    return isFirst && !fromStart ? rest : withPage(rest, page, items.toSpliced(at, 0, item));
  }
  const last = rest.pages.length - 1;
  return last >= 0 && toEnd ? withPage(rest, last, [...rest.pages[last]!.items, item]) : rest;
}

/** Without the pages too many, at the end that is far from where somebody looks. */
export function trimmed<Item, Param>(data: Pages<Item, Param>, far: 'start' | 'end', most = MAX_PAGES): Pages<Item, Param> {
  const many = data.pages.length - most;
  if (many <= 0) return data;
  const [from, to] = far === 'start' ? [many, undefined] : [0, most];
  return { pages: data.pages.slice(from, to), pageParams: data.pageParams.slice(from, to) };
}
