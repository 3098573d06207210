import { expect, it } from 'vitest';

import { lateness } from './lateness';

const now = Date.parse('2026-11-21T12:00:00Z');

it.each([
  [null, 0, 'good'],
  ['2026-11-21T12:00:30Z', 0, 'good'],
  ['2026-11-21T11:59:58Z', 2_000, 'good'],
  ['2026-11-21T11:59:40Z', 20_000, 'waits'],
  ['2026-11-21T11:00:00Z', 3_600_000, 'bad'],
] as const)('due %s: %d ms late, %s', (at, ms, level) => expect(lateness(at, now)).toEqual({ ms, level }));
