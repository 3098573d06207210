import { describe, expect, it } from 'vitest';

import { changed, type Pages, placed, trimmed, without } from './pages';

interface Item {
  id: string;
  at: number;
}

const isBefore = (one: Item, other: Item) => one.at > other.at;
const of = (...pages: number[][]): Pages<Item> => ({
  pages: pages.map((ats) => ({ items: ats.map((at) => ({ id: `i${at}`, at })) })),
  pageParams: pages.map((_, at) => at),
});
const ids = (data: Pages<Item>) => data.pages.map((page) => page.items.map((item) => item.id).join(' '));

describe('a stretch of a list', () => {
  const data = of([9, 8], [6, 5]);
  const whole = { isBefore, fromStart: true, toEnd: true };

  it('takes an item in where it belongs', () => {
    expect(ids(placed(data, { id: 'new', at: 10 }, whole))).toEqual(['new i9 i8', 'i6 i5']);
    expect(ids(placed(data, { id: 'new', at: 7 }, whole))).toEqual(['i9 i8', 'new i6 i5']);
    expect(ids(placed(data, { id: 'new', at: 1 }, whole))).toEqual(['i9 i8', 'i6 i5 new']);
    expect(ids(placed(of([]), { id: 'new', at: 1 }, whole))).toEqual(['new']);
  });

  it('moves an item that is there', () => {
    expect(ids(placed(data, { id: 'i5', at: 10 }, whole))).toEqual(['i5 i9 i8', 'i6']);
  });

  it('lets an item be that belongs outside of it', () => {
    const middle = { isBefore, fromStart: false, toEnd: false };
    expect(ids(placed(data, { id: 'new', at: 10 }, middle))).toEqual(['i9 i8', 'i6 i5']);
    expect(ids(placed(data, { id: 'new', at: 1 }, middle))).toEqual(['i9 i8', 'i6 i5']);
    expect(ids(placed(data, { id: 'i5', at: 10 }, middle))).toEqual(['i9 i8', 'i6']);
  });

  it('keeps what did not change as it was, so that it is not drawn again', () => {
    const after = changed(data, 'i6', (item) => ({ ...item, at: 6 }));
    expect(after.pages[0]).toBe(data.pages[0]);
    expect(after.pages[1]!.items[1]).toBe(data.pages[1]!.items[1]);
    expect(changed(data, 'nobody', (item) => ({ ...item }))).toBe(data);
    expect(without(data, 'nobody')).toBe(data);
  });

  it('drops far pages', () => {
    expect(ids(trimmed(of([3], [2], [1]), 'start', 2))).toEqual(['i2', 'i1']);
    expect(ids(trimmed(of([3], [2], [1]), 'end', 2))).toEqual(['i3', 'i2']);
    expect(trimmed(of([3], [2], [1]), 'start', 2).pageParams).toEqual([1, 2]);
  });
});
