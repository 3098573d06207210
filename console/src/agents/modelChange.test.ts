import { expect, it } from 'vitest';

import { modelChange, needsKey, valuesOf } from './modelChange';

const own = { name: 'gpt-4o', temperature: 0.3, max_output_tokens: 500, base_url: 'https://a.test/v1', has_api_key: true };
const none = { name: null, temperature: null, max_output_tokens: null, base_url: null, has_api_key: false };

it('sends nothing where nothing changed', () => {
  expect(modelChange(own, valuesOf(own))).toBeNull();
  expect(modelChange(none, valuesOf(none))).toBeNull();
});

it('sends what changed, and null for what is taken away', () => {
  expect(modelChange(own, { ...valuesOf(own), name: ' ', temperature: '', max_output_tokens: 800 })).toEqual({
    name: null,
    temperature: null,
    max_output_tokens: 800,
  });
  expect(modelChange(none, { ...valuesOf(none), temperature: 0 })).toEqual({ temperature: 0 });
});

it('takes the key away with its service', () => {
  expect(modelChange(own, { ...valuesOf(own), own: false })).toEqual({ base_url: null, api_key: null });
  expect(modelChange(own, { ...valuesOf(own), dropKey: true })).toEqual({ api_key: null });
});

it('asks for a key when the service changes and one is stored', () => {
  const moved = { ...valuesOf(own), base_url: 'https://b.test/v1' };
  expect(needsKey(own, moved)).toBe(true);
  expect(needsKey(own, { ...moved, api_key: 'k' })).toBe(false);
  expect(needsKey(own, { ...moved, dropKey: true })).toBe(false);
  expect(modelChange(own, { ...moved, api_key: 'k' })).toEqual({ base_url: 'https://b.test/v1', api_key: 'k' });
});
