import { expect, it } from 'vitest';

import type { Schemas } from '~/api/client';
import { changesOf, randomToken, valuesOf } from './changes';

const number = {
  display_name: 'Miga Bakery',
  display_phone_number: null,
  phone_number_id: '106',
  waba_id: '206',
  agent_id: 'agt_1',
} as Schemas['Number'];

it('tells the API only what was changed', () => {
  expect(changesOf(number, valuesOf(number))).toEqual({});
  expect(changesOf(number, { ...valuesOf(number), display_name: ' Miga ', display_phone_number: '+1 555' })).toEqual({
    display_name: 'Miga',
    display_phone_number: '+1 555',
  });
});

it('takes away what was emptied, and keeps secrets that were not touched', () => {
  const values = { ...valuesOf(number), waba_id: '', agent_id: null, access_token: 'EAA', verify_token: null };
  expect(changesOf(number, values)).toEqual({ waba_id: null, agent_id: null, access_token: 'EAA', verify_token: null });
});

it('makes tokens that Meta and the API both take', () => {
  expect(randomToken()).toMatch(/^[\w-]{32}$/);
  expect(randomToken()).not.toBe(randomToken());
});
