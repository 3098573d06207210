export type Level = 'good' | 'waits' | 'bad';

/** Up to this long, work is only on its way. */
const SOON_MS = 5_000;
const LATE_MS = 60_000;

/** How long something has been due, and whether that is a worry. */
export function lateness(at: string | null | undefined, now: number): { ms: number; level: Level } {
  const ms = at ? Math.max(0, now - new Date(at).getTime()) : 0;
  return { ms, level: ms > LATE_MS ? 'bad' : ms > SOON_MS ? 'waits' : 'good' };
}
