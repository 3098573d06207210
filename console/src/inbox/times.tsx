/** Times as a chat shows them: short, and by the day. */
import i18next from 'i18next';
import { useTranslation } from 'react-i18next';

import { clockTime, dateTime, relative, useNow } from '~/parts/time';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Whole days between two times, as the calendar counts them here. */
function daysBetween(at: Date, now: Date): number {
  const noon = (date: Date) => Date.UTC(date.getFullYear(), date.getMonth(), date.getDate());
  return Math.round((noon(now) - noon(at)) / DAY);
}

const format = (at: Date, options: Intl.DateTimeFormatOptions) =>
  new Intl.DateTimeFormat(i18next.language, options).format(at);

/** "now", "5 min ago", "14:05", "Yesterday", "Tuesday", "12/03/2026". */
export function shortTime(iso: string, now: number): string {
  const at = new Date(iso);
  const ago = now - at.getTime();
  if (ago < MINUTE) return i18next.t('inbox:list.now');
  if (ago < HOUR) return relative(at.getTime(), now, 'narrow');
  const days = daysBetween(at, new Date(now));
  if (days === 0) return clockTime(iso);
  if (days === 1) return i18next.t('inbox:list.yesterday');
  if (days < 7) return format(at, { weekday: 'long' });
  return format(at, { day: 'numeric', month: 'numeric', year: '2-digit' });
}

/** "Today", "Yesterday", "Tuesday", "12 March 2026". */
export function dayName(iso: string, now: number): string {
  const at = new Date(iso);
  const days = daysBetween(at, new Date(now));
  if (days === 0 || days === 1) {
    const word = new Intl.RelativeTimeFormat(i18next.language, { numeric: 'auto' }).format(-days, 'day');
    return word.charAt(0).toLocaleUpperCase(i18next.language) + word.slice(1);
  }
  if (days > 1 && days < 7) return format(at, { weekday: 'long' });
  const year = at.getFullYear() === new Date(now).getFullYear() ? undefined : 'numeric';
  return format(at, { weekday: 'long', day: 'numeric', month: 'long', year });
}

/** "23 h", "1 h 20 min", "12 min". */
export function timeLeft(millis: number): string {
  const unit = (value: number, name: 'hour' | 'minute') =>
    new Intl.NumberFormat(i18next.language, { style: 'unit', unit: name, unitDisplay: 'short' }).format(value);
  const minutes = Math.max(1, Math.floor(millis / MINUTE));
  const [hours, rest] = [Math.floor(minutes / 60), minutes % 60];
  if (hours === 0) return unit(minutes, 'minute');
  return hours >= 10 || rest === 0 ? unit(hours, 'hour') : `${unit(hours, 'hour')} ${unit(rest, 'minute')}`;
}

/** When something was, in few letters. */
export function ShortTime({ at, className }: { at: string; className?: string }) {
  useTranslation();
  const now = useNow();
  return (
    <time dateTime={at} title={dateTime(at)} className={className}>
      {shortTime(at, Math.max(now, new Date(at).getTime()))}
    </time>
  );
}
