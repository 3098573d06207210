import i18next from 'i18next';
import { beforeAll, describe, expect, it } from 'vitest';

import { daysLabel, plainTime, timeLabel, timeTicks, weekdayName, written } from './format';

beforeAll(() => i18next.init({ lng: 'en', resources: {} }));

describe('cells', () => {
  it('are written by what they hold', () => {
    expect(written('count', 12345)).toBe('12,345');
    expect(written('share', 0.9712)).toBe('97.1%');
    expect(written('duration', 2400)).toBe('2.4 sec');
    expect(written('money', 0.0021)).toBe('0.0021');
    expect(written('money', 12.5)).toBe('12.50');
    expect(written('text', 'Miga')).toBe('Miga');
  });

  it('say when nothing is known, which is not zero', () => {
    expect(written('money', null)).toBe('–');
    expect(written('duration', undefined)).toBe('–');
    expect(written('count', 0)).toBe('0');
  });
});

describe('times of buckets', () => {
  it('are those of the clock they were asked for with', () => {
    expect(plainTime('2026-11-20T23:00:00Z', 'day', 60)).toBe('2026-11-21');
    expect(plainTime('2026-11-21T04:30:00Z', 'hour', -300)).toBe('2026-11-20 23:30');
  });

  it('are short below an axis', () => {
    expect(timeLabel('2026-11-21', 'axis')).toBe('Nov 21');
    expect(timeLabel('2026-11-21 14:00', 'hour')).toMatch(/^2:00/);
    expect(timeLabel('2026-11-21', 'whole')).toBe('Saturday, November 21, 2026');
  });

  it('are one date where it is one day', () => {
    expect(daysLabel({ from: '2026-11-20', to: '2026-11-20' })).toBe('Nov 20, 2026');
    expect(daysLabel({ from: '2026-10-30', to: '2026-11-05' })).toMatch(/^Oct 30\W+Nov 5, 2026$/);
  });

  it('have weekdays from Monday on', () => expect([1, 7].map((day) => weekdayName(day))).toEqual(['Monday', 'Sunday']));
});

describe('marks of an axis of times', () => {
  it('are even, at times that people say, where the times lie close', () => {
    expect(timeTicks([2000, 9000, null])).toEqual({ ticks: [0, 2000, 4000, 6000, 8000, 10000], isFar: false });
    expect(timeTicks([50_000])?.ticks).toEqual([0, 10_000, 20_000, 30_000, 40_000, 50_000]);
    expect(timeTicks([null, undefined])).toBeUndefined();
  });

  it('reach from below the least to above the most where they lie far apart, and are few', () => {
    const { ticks, isFar } = timeTicks([2500, null, 7_200_000])!;
    expect(isFar).toBe(true);
    expect(ticks[0]).toBeLessThanOrEqual(2500);
    expect(ticks.at(-1)).toBeGreaterThanOrEqual(7_200_000);
    expect(ticks.length).toBeLessThanOrEqual(7);
    expect([...ticks].sort((a, b) => a - b)).toEqual(ticks);
  });
});
