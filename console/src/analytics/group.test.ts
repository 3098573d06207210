import { expect, it } from 'vitest';

import { barSize, grouped } from './group';

it('bars hold as few buckets as can be seen', () => {
  expect(barSize(90, 'day')).toBe(1);
  expect(barSize(365, 'day')).toBe(7);
  expect(barSize(400, 'day')).toBe(7);
  expect(barSize(24, 'hour')).toBe(1);
  expect(barSize(744, 'hour')).toBe(12);
});

it('a bar is the sum of what it holds', () => {
  const rows = [1, 2, 3, 4, 5].map((day) => ({ at: `2026-11-0${day}`, inbound: day, cost: day === 2 ? null : 1 }));
  expect(grouped(rows, 2, ['inbound', 'cost'])).toEqual([
    { at: '2026-11-01', inbound: 3, cost: 1 },
    { at: '2026-11-03', inbound: 7, cost: 2 },
    { at: '2026-11-05', inbound: 5, cost: 1 },
  ]);
  expect(grouped(rows, 1, ['inbound'])).toBe(rows);
});
