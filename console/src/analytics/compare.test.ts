import { expect, it } from 'vitest';

import { change, changeOfShare, share } from './compare';

it('a change is told by how much', () => {
  expect(change(125, 100)).toEqual({ by: 0.25, way: 'more' });
  expect(change(50, 100)).toEqual({ by: -0.5, way: 'less' });
  expect(change(1002, 1000)?.way).toBe('same');
});

it('nothing is compared with nothing', () => {
  expect(change(5, 0)).toBeNull();
  expect(change(5, null)).toBeNull();
  expect(change(undefined, 5)).toBeNull();
  expect(changeOfShare(null, 0.5)).toBeNull();
});

it('shares are compared by their difference', () => {
  const told = changeOfShare(0.97, 0.95);
  expect(told?.by).toBeCloseTo(0.02);
  expect(told?.way).toBe('more');
  expect(changeOfShare(0, 0)?.way).toBe('same');
});

it('a share of nothing is none', () => {
  expect(share(3, 0)).toBeNull();
  expect(share(1, 4)).toBe(0.25);
});
