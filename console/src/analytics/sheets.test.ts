import i18next from 'i18next';
import { beforeAll, describe, expect, it } from 'vitest';

import words from './words/en.json';
import type { Bucket, Counts, Stats } from './queries';
import { toCsv } from './csv';
import { asData, deliveryRate, highest, makeSheets, readRate, unresolved } from './sheets';

const counts: Counts = {
  inbound: 10,
  outbound: 9,
  outbound_by_author: { agent: 7, human: 2, system: 0 },
  sent: 8,
  delivered: 6,
  read: 3,
  failed: 1,
  turns: 7,
  answered: 7,
  handed_over: 1,
  human: 2,
  undelivered: 0,
  other_outcomes: 0,
  first_response_p50_ms: 2400,
  first_response_p95_ms: null,
  response_p50_ms: 2000,
  response_p95_ms: 9000,
  prompt_tokens: 1000,
  completion_tokens: 100,
  cost: null,
};
const bucket: Bucket = { ...counts, at: '2026-11-20T23:00:00Z' };
const stats: Stats = {
  from: '2026-11-20T23:00:00Z',
  to: '2026-11-21T23:00:00Z',
  by: 'day',
  totals: counts,
  buckets: [bucket],
  outcomes: [
    { outcome: 'answered', count: 7 },
    { outcome: 'human', count: 3 },
  ],
  types: [
    { direction: 'inbound', type: 'text', count: 8 },
    { direction: 'inbound', type: 'image', count: 2 },
    { direction: 'outbound', type: 'text', count: 9 },
  ],
  by_number: [{ number_id: 'num_1', name: null, inbound: 10, outbound: 9, delivered: 6, read: 3, failed: 1, cost: null }],
  by_agent: [],
  by_model: [],
  by_hour_of_week: [{ weekday: 6, hour: 14, inbound: 10 }],
  resolution: { conversations: 5, by_agent_alone: 3, with_human: 1, open: 0 },
};

beforeAll(() => i18next.init({ lng: 'en', resources: { en: { analytics: words } } }));

describe('sheets', () => {
  it('have a head for every column and a cell for every head', () => {
    for (const { name, title, columns, rows } of Object.values(makeSheets(stats, 60))) {
      expect(title, name).not.toContain('card.');
      for (const { head } of columns) expect(head, name).not.toContain('column.');
      for (const row of rows) expect(row, name).toHaveLength(columns.length);
    }
  });

  it('tell days by the clock they were asked for with', () => {
    expect(asData(makeSheets(stats, 60).messages)).toEqual([
      { at: '2026-11-21', inbound: 10, agent: 7, human: 2, system: 0 },
    ]);
  });

  it('leave out of a file what is not known', () => {
    const { columns, rows } = makeSheets(stats, 60).responses;
    expect(toCsv(columns.map(({ head }) => head), rows).split('\r\n')[1]).toBe('2026-11-21,2400,,2000,9000');
  });

  it('take shares of what belongs together', () => {
    const { types, outcomes } = makeSheets(stats, 0);
    expect(types.rows.map((row) => row[3])).toEqual([0.8, 0.2, 1]);
    expect(outcomes.rows.map((row) => row[2])).toEqual([0.7, 0.3]);
  });

  it('have a whole week', () => {
    const { rows } = makeSheets(stats, 0).week;
    expect(rows).toHaveLength(7);
    expect(rows[5]![0]).toBe('Saturday');
    expect(rows[5]![15]).toBe(10);
    expect(rows[0]!.slice(1).every((cell) => cell === 0)).toBe(true);
  });
});

it('rates are of what could have been', () => {
  expect(deliveryRate(counts)).toBe(0.75);
  expect(readRate(counts)).toBe(0.5);
  expect(deliveryRate({ ...counts, sent: 0 })).toBeNull();
});

it('what is in none of the three was left unanswered', () => {
  expect(unresolved(stats.resolution)).toBe(1);
  expect(unresolved({ conversations: 1, by_agent_alone: 1, with_human: 1, open: 0 })).toBe(0);
});

it('the highest of nothing is none', () => {
  expect(highest([0, 0], (row) => row)).toBeUndefined();
  expect(highest([1, 3, 3, 2], (row) => row)).toBe(3);
});
