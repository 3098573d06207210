import { describe, expect, it } from 'vitest';

import type { Conversation } from './queries';
import { filterOf, fits, windowEnd } from './filters';

const NOW = Date.parse('2026-11-21T12:00:00Z');
const conversation = (over: Partial<Conversation>): Conversation => ({
  id: 'cnv_1',
  number_id: 'num_1',
  agent_id: 'agt_1',
  contact: { id: 'con_1', name: 'Ana María', phone: '+15550002222', username: 'ana.m', blocked: false },
  owner: 'agent',
  unread: 0,
  last_message_at: '2026-11-21T11:00:00Z',
  created_at: '2026-11-01T11:00:00Z',
  ...over,
});
const fit = (over: Partial<Conversation>, search: Parameters<typeof filterOf>[0]) =>
  fits(conversation(over), filterOf(search), 'mem_me', NOW);

describe('the filters of the address', () => {
  it('are the API’s', () => {
    expect(filterOf({})).toEqual({});
    expect(filterOf({ show: 'mine', number: 'num_1', q: ' ana ' })).toEqual({ taken_by: 'me', number_id: 'num_1', q: 'ana' });
    expect(filterOf({ show: 'nonsense' as never })).toEqual({});
  });

  it('say what fits', () => {
    expect(fit({ unread: 2 }, { show: 'unread' })).toBe(true);
    expect(fit({}, { show: 'unread' })).toBe(false);
    expect(fit({ owner: 'human', taken_by: 'mem_me' }, { show: 'mine' })).toBe(true);
    expect(fit({ owner: 'human', taken_by: 'mem_you' }, { show: 'mine' })).toBe(false);
    expect(fit({ window_closes_at: '2026-11-21T13:59:00Z' }, { show: 'closing' })).toBe(true);
    expect(fit({ window_closes_at: '2026-11-21T14:01:00Z' }, { show: 'closing' })).toBe(false);
    expect(fit({ window_closes_at: '2026-11-21T11:59:00Z' }, { show: 'closing' })).toBe(false);
    expect(fit({}, { agent: 'agt_2' })).toBe(false);
  });

  it.each([['maría', true], ['555 000', true], ['ANA.M', true], ['+1555', true], ['ben', false], ['99', false]])('find %s: %s', (q, found) => {
    expect(fit({}, { q })).toBe(found);
  });

  it('take the later of both ends of a window', () => {
    const ends = { window_closes_at: '2026-11-21T13:00:00Z', free_entry_until: '2026-11-23T13:00:00Z' };
    expect(windowEnd(ends)).toBe(Date.parse('2026-11-23T13:00:00Z'));
    expect(windowEnd({})).toBeNull();
  });
});
