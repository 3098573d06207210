import { describe, expect, it } from 'vitest';

import type { TimelineItem } from './queries';
import { newOnes, rowsOf } from './timeline';

const item = (at: Date, summary = 'wrote'): TimelineItem => ({ at: at.toISOString(), kind: 'message', summary });
const at = (day: number, hour: number) => item(new Date(2026, 10, day, hour));

describe('rows of a timeline', () => {
  it('begin each day with a heading, by the clock here', () => {
    const rows = rowsOf([at(21, 9), at(21, 0), at(20, 23)]);
    expect(rows.map((row) => ('day' in row ? new Date(row.day).getDate() : 'item'))).toEqual([21, 'item', 'item', 20, 'item']);
    expect(new Set(rows.map((row) => row.key)).size).toBe(rows.length);
  });

  it('are none of nothing', () => expect(rowsOf([])).toEqual([]));
});

describe('what is new on a timeline', () => {
  const known = [at(20, 12), at(20, 11)];

  it('stands before what is known', () => {
    expect(newOnes([at(20, 14), at(20, 13), ...known], known)).toEqual([at(20, 14), at(20, 13)]);
    expect(newOnes(known, known)).toEqual([]);
  });

  it('cannot be told when the page does not reach back to what is known', () => {
    expect(newOnes([at(20, 14)], known)).toBeNull();
    expect(newOnes([at(20, 14)], [])).toBeNull();
  });
});
