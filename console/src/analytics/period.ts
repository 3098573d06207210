/** Which days are looked at. Days are `2026-11-21`, as the clock on the wall here has them; both ends are included. */
export type By = 'hour' | 'day';

export interface Period {
  from: string;
  to: string;
  by: By;
  /** How many days, where they are the last ones. */
  last?: number;
}

export const PRESETS = [1, 7, 30, 90, 365] as const;
const USUAL_DAYS = 30;
export const MOST_DAYS = 400;
export const MOST_DAYS_BY_HOUR = 31;
const DAY_MS = 86_400_000;

export function dayOf(date: Date): string {
  const two = (part: number) => String(part).padStart(2, '0');
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}

export function addDays(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * DAY_MS).toISOString().slice(0, 10);
}

/** How many days there are, both ends included. */
export function daysIn({ from, to }: { from: string; to: string }): number {
  return Math.round((Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / DAY_MS) + 1;
}

function isDay(word: string | undefined): word is string {
  if (!word || !/^\d{4}-\d\d-\d\d$/.test(word)) return false;
  const at = Date.parse(`${word}T00:00:00Z`);
  return !Number.isNaN(at) && new Date(at).toISOString().startsWith(word);
}

/** What the address asks for, made into something that can be asked; the last thirty days where it says nothing. */
export function readPeriod(
  words: { days?: string; from?: string; to?: string; by?: string },
  today: string,
): Period {
  const last = PRESETS.find((days) => String(days) === words.days);
  const own = !last && (isDay(words.from) || isDay(words.to));
  let to = today;
  let from = addDays(today, 1 - (last ?? USUAL_DAYS));
  if (own) {
    to = isDay(words.to) && words.to < today ? words.to : today;
    from = isDay(words.from) ? words.from : to;
    if (from > to) [from, to] = [to, from > today ? today : from];
    if (daysIn({ from, to }) > MOST_DAYS) from = addDays(to, 1 - MOST_DAYS);
  }
  const days = daysIn({ from, to });
  const asked = words.by === 'hour' || (words.by !== 'day' && days <= 2);
  return { from, to, by: asked && days <= MOST_DAYS_BY_HOUR ? 'hour' : 'day', last: own ? undefined : (last ?? USUAL_DAYS) };
}

/** As many days right before. */
export function before(period: Period): Period {
  const to = addDays(period.from, -1);
  return { from: addDays(to, 1 - daysIn(period)), to, by: period.by };
}

/** What the clock here shows more than UTC, in the quarters of an hour that the API takes. */
export function offsetMinutes(now = new Date()): number {
  // No minus zero.
  return Math.round(-now.getTimezoneOffset() / 15) * 15 + 0;
}
