import i18next from 'i18next';

import { count, money } from '~/parts/numbers';
import { duration } from '~/parts/time';
import type { By } from './period';

/** What a cell holds, and so how it is written. */
export type Kind = 'text' | 'time' | 'count' | 'share' | 'duration' | 'money';

const NOTHING = '–';

export function shareText(value: number, digits = 1): string {
  return new Intl.NumberFormat(i18next.language, { style: 'percent', maximumFractionDigits: digits }).format(value);
}

/** 12345 as "12K": for axes. */
export function short(value: number): string {
  return new Intl.NumberFormat(i18next.language, { notation: 'compact', maximumFractionDigits: 1 }).format(value);
}

export function written(kind: Kind, value: string | number | null | undefined): string {
  if (value == null || value === '') return NOTHING;
  if (typeof value === 'string') return value;
  if (kind === 'share') return shareText(value);
  if (kind === 'duration') return duration(value);
  if (kind === 'money') return money(value);
  return count(value);
}

/**
 * When a bucket begins, by the clock that the days were asked for with: its offset holds for all of them, also for those
 * before the clocks were changed.
 */
export function wallTime(at: string, offsetMinutes: number): Date {
  return new Date(Date.parse(at) + offsetMinutes * 60_000);
}

/** "2026-11-21", "2026-11-21 14:00" */
export function plainTime(at: string, by: By, offsetMinutes: number): string {
  const iso = wallTime(at, offsetMinutes).toISOString();
  return by === 'day' ? iso.slice(0, 10) : iso.slice(0, 16).replace('T', ' ');
}

/** What `plainTime` made, for people: short below an axis, whole elsewhere. */
export function timeLabel(plain: string, length: 'axis' | 'hour' | 'whole'): string {
  const isDay = plain.length === 10;
  const at = new Date(`${plain.replace(' ', 'T')}${isDay ? 'T00:00' : ''}:00Z`);
  const form: Intl.DateTimeFormatOptions =
    length === 'whole'
      ? { dateStyle: 'full', ...(isDay ? {} : { timeStyle: 'short' }) }
      : length === 'hour'
        ? { timeStyle: 'short' }
        : { day: 'numeric', month: 'short', ...(isDay ? {} : { hour: 'numeric' }) };
  return new Intl.DateTimeFormat(i18next.language, { ...form, timeZone: 'UTC' }).format(at);
}

/** "Nov 3 – 9, 2026", or one day's date. */
export function daysLabel({ from, to }: { from: string; to: string }): string {
  const format = new Intl.DateTimeFormat(i18next.language, { dateStyle: 'medium', timeZone: 'UTC' });
  return format.formatRange(new Date(`${from}T00:00:00Z`), new Date(`${to}T00:00:00Z`));
}

/** From 1, Monday, to 7, Sunday. */
export function weekdayName(weekday: number, style: 'short' | 'long' = 'long'): string {
  // 1 January 2024 was a Monday.
  return new Intl.DateTimeFormat(i18next.language, { weekday: style, timeZone: 'UTC' }).format(
    new Date(Date.UTC(2024, 0, weekday)),
  );
}

export function hourName(hour: number): string {
  return new Intl.DateTimeFormat(i18next.language, { timeStyle: 'short', timeZone: 'UTC' }).format(
    new Date(Date.UTC(2024, 0, 1, hour)),
  );
}

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const STEPS = [
  100, 200, 500, SECOND, 2 * SECOND, 5 * SECOND, 10 * SECOND, 30 * SECOND, MINUTE, 2 * MINUTE, 5 * MINUTE, 10 * MINUTE,
  30 * MINUTE, HOUR, 2 * HOUR, 6 * HOUR, 12 * HOUR, 24 * HOUR, 48 * HOUR, 168 * HOUR,
];
const FAR_APART = 30;
const MOST_TICKS = 6;

/**
 * Marks for an axis of times, at times that people say. Where the values lie far apart, such as seconds and hours, there is
 * about as much room from each mark to the next (`isFar`); an even axis would press the short ones together.
 */
export function timeTicks(values: (number | null | undefined)[]): { ticks: number[]; isFar: boolean } | undefined {
  const known = values.filter((value): value is number => value != null && value > 0);
  if (known.length === 0) return undefined;
  const [least, most] = [Math.min(...known), Math.max(...known)];
  if (most / least < FAR_APART) {
    const step = STEPS.find((size) => most / size < MOST_TICKS) ?? STEPS.at(-1)!;
    return { ticks: Array.from({ length: Math.ceil(most / step) + 1 }, (_, at) => at * step), isFar: false };
  }
  const first = Math.max(0, STEPS.findLastIndex((step) => step <= least));
  const after = STEPS.findIndex((step) => step >= most);
  const ticks = STEPS.slice(first, after < 0 ? undefined : after + 1);
  const every = Math.ceil(ticks.length / MOST_TICKS);
  return { ticks: ticks.filter((_, at) => (ticks.length - 1 - at) % every === 0 || at === 0), isFar: true };
}
