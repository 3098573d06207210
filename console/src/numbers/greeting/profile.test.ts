import { expect, it } from 'vitest';

import { profileChanges, profileValues } from './profile';

const profile = { about: 'Fresh', address: 'Rua 1', websites: ['https://miga.example'], vertical: 'RESTAURANT' };
const values = profileValues(profile);

it('tells Meta nothing where nothing was changed', () => {
  expect(profileChanges(profile, values)).toEqual({});
});

it('empties an address, keeps what Meta does not take away, and moves a lone website up', () => {
  const changed = { ...values, about: '', address: '', website1: '', website2: 'https://b.example' };
  expect(profileChanges(profile, changed)).toEqual({ address: '', websites: ['https://b.example'] });
});
