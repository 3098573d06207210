import { expect, it } from 'vitest';

import { passwordFault } from './password';

it.each([
  ['ninechars', 'ninechars', 'short'],
  ['🍞🍞🍞🍞🍞🍞', '🍞🍞🍞🍞🍞🍞', 'short'],
  ['a'.repeat(201), 'a'.repeat(201), 'long'],
  ['Ana@miga.example', 'Ana@miga.example', 'isEmail'],
  ['correct horse', 'correct hors', 'differs'],
  ['correct horse', 'correct horse', null],
])('of the password %s', (password, again, fault) => {
  expect(passwordFault(password, again, 'ana@miga.example')).toBe(fault);
});
