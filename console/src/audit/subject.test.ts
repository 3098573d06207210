import { expect, it } from 'vitest';

import { dayStart, placeOf } from './subject';

it('leads to the page of a thing', () => {
  expect(placeOf('num_01M7')).toEqual({ to: '/numbers/$numberId', params: { numberId: 'num_01M7' } });
  expect(placeOf('key_01M7')).toEqual({ to: '/keys' });
  expect(placeOf('trn_01M7')).toBeNull();
});

it('reads a day as the reader means it, the last one to its end', () => {
  expect(dayStart('2026-11-30')).toBe(new Date(2026, 10, 30).toISOString());
  expect(dayStart('2026-11-30', 1)).toBe(new Date(2026, 11, 1).toISOString());
  expect(dayStart('')).toBeUndefined();
  expect(dayStart(undefined)).toBeUndefined();
});
