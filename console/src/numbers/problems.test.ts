import { expect, it } from 'vitest';

import words from './words/en.json';
import { fixOf, limitOf } from './problems';

it.each([
  ['TIER_250', 250],
  ['TIER_2K', 2000],
  ['TIER_100K', 100_000],
  ['TIER_UNLIMITED', 'unlimited'],
  ['TIER_NOT_SET', null],
  ['', null],
])('reads the limit %s', (tier, limit) => {
  expect(limitOf(tier)).toBe(limit);
});

it('knows a remedy for every problem that has a name here', () => {
  for (const code of Object.keys(words.problem)) expect(fixOf(code), code).toBeDefined();
  expect(fixOf('something_new')).toBeUndefined();
});
