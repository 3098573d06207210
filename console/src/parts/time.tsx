/** Times as people read them, in the language that is chosen. */
import { Text, type TextProps } from '@mantine/core';
import i18next from 'i18next';
import { useSyncExternalStore } from 'react';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

// One clock for all that shows how long ago something was.
let now = Date.now();
const waiting = new Set<() => void>();
setInterval(() => {
  now = Date.now();
  for (const changed of waiting) changed();
}, 15_000);

/** The time of now, anew every quarter of a minute. */
export function useNow(): number {
  return useSyncExternalStore(
    (changed) => {
      waiting.add(changed);
      return () => void waiting.delete(changed);
    },
    () => now,
  );
}

/** "5 minutes ago", "in 3 hours". */
export function relative(at: string | number, from = Date.now(), style: 'long' | 'narrow' = 'long'): string {
  const apart = new Date(at).getTime() - from;
  const format = new Intl.RelativeTimeFormat(i18next.language, { numeric: 'auto', style });
  const size = Math.abs(apart);
  if (size < MINUTE) return format.format(Math.round(apart / 1000), 'second');
  if (size < HOUR) return format.format(Math.round(apart / MINUTE), 'minute');
  if (size < DAY) return format.format(Math.round(apart / HOUR), 'hour');
  if (size < 30 * DAY) return format.format(Math.round(apart / DAY), 'day');
  if (size < 365 * DAY) return format.format(Math.round(apart / (30 * DAY)), 'month');
  return format.format(Math.round(apart / (365 * DAY)), 'year');
}

export function dateTime(at: string | number): string {
  return new Intl.DateTimeFormat(i18next.language, { dateStyle: 'medium', timeStyle: 'medium' }).format(new Date(at));
}

export function date(at: string | number): string {
  return new Intl.DateTimeFormat(i18next.language, { dateStyle: 'medium' }).format(new Date(at));
}

export function clockTime(at: string | number): string {
  return new Intl.DateTimeFormat(i18next.language, { timeStyle: 'short' }).format(new Date(at));
}

/** "340 ms", "2.4 s", "3 min". */
export function duration(millis: number): string {
  const unit = (value: number, name: string, digits: number) =>
    new Intl.NumberFormat(i18next.language, {
      style: 'unit',
      unit: name,
      unitDisplay: 'short',
      maximumFractionDigits: digits,
    }).format(value);
  if (millis < 1000) return unit(Math.round(millis), 'millisecond', 0);
  if (millis < MINUTE) return unit(millis / 1000, 'second', 1);
  if (millis < HOUR) return unit(millis / MINUTE, 'minute', 1);
  if (millis < DAY) return unit(millis / HOUR, 'hour', 1);
  return unit(millis / DAY, 'day', 1);
}

/** How long ago, with the exact time behind it. */
export function Ago({ at, ...rest }: TextProps & { at: string | null | undefined }) {
  const from = useNow();
  if (!at) return <Text {...rest}>{i18next.t('parts:never')}</Text>;
  return (
    <Text component="time" dateTime={at} title={dateTime(at)} {...rest}>
      {relative(at, Math.max(from, new Date(at).getTime()))}
    </Text>
  );
}
