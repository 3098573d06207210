import { describe, expect, it } from 'vitest';

import { addDays, before, dayOf, daysIn, offsetMinutes, readPeriod } from './period';

const TODAY = '2026-11-21';

describe('days', () => {
  it('are counted over months, leap days and changes of the clock', () => {
    expect(addDays('2026-03-01', -1)).toBe('2026-02-28');
    expect(addDays('2028-02-28', 1)).toBe('2028-02-29');
    expect(daysIn({ from: '2026-03-01', to: '2026-03-31' })).toBe(31);
    expect(daysIn({ from: TODAY, to: TODAY })).toBe(1);
    expect(dayOf(new Date(2026, 0, 5, 23, 59))).toBe('2026-01-05');
  });
});

describe('the period that an address asks for', () => {
  it('is the last thirty days where it says nothing, or nonsense', () => {
    const usual = { from: '2026-10-23', to: TODAY, by: 'day', last: 30 };
    expect(readPeriod({}, TODAY)).toEqual(usual);
    expect(readPeriod({ days: '8', from: '2026-13-01', to: 'x', by: 'week' }, TODAY)).toEqual(usual);
    expect(readPeriod({ from: '2026-02-30' }, TODAY)).toEqual(usual);
  });

  it('is by the hour where that is readable, unless told otherwise', () => {
    expect(readPeriod({ days: '1' }, TODAY)).toEqual({ from: TODAY, to: TODAY, by: 'hour', last: 1 });
    expect(readPeriod({ days: '1', by: 'day' }, TODAY).by).toBe('day');
    expect(readPeriod({ days: '7' }, TODAY).by).toBe('day');
    expect(readPeriod({ days: '7', by: 'hour' }, TODAY).by).toBe('hour');
    expect(readPeriod({ days: '90', by: 'hour' }, TODAY).by).toBe('day');
  });

  it('takes any days, the right way round and not from the future', () => {
    expect(readPeriod({ from: '2026-11-01', to: '2026-11-10' }, TODAY)).toMatchObject({ from: '2026-11-01', to: '2026-11-10' });
    expect(readPeriod({ from: '2026-11-10', to: '2026-11-01' }, TODAY)).toMatchObject({ from: '2026-11-01', to: '2026-11-10' });
    expect(readPeriod({ from: '2026-11-10' }, TODAY)).toMatchObject({ from: '2026-11-10', to: TODAY });
    expect(readPeriod({ from: '2027-01-01', to: '2027-02-01' }, TODAY)).toMatchObject({ from: TODAY, to: TODAY });
    expect(daysIn(readPeriod({ from: '2020-01-01', to: TODAY }, TODAY))).toBe(400);
  });
});

it('the period before is as long and ends right before', () => {
  expect(before(readPeriod({ days: '7' }, TODAY))).toMatchObject({ from: '2026-11-08', to: '2026-11-14' });
});

it('the offset is told in quarters of an hour', () => expect(offsetMinutes() % 15).toBe(0));
