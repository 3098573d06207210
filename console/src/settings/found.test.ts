import { expect, it } from 'vitest';

import { found } from './found';

const setting = (name: string, is_default: boolean, environment: string) => ({
  name,
  is_default,
  environment,
  is_secret: false,
  set: true,
  value: null,
});
const sections = [
  { name: 'server', settings: [setting('listen', false, 'SWITCHBOARD__SERVER__LISTEN')] },
  {
    name: 'turn',
    settings: [
      setting('quiet_ms', true, 'SWITCHBOARD__TURN__QUIET_MS'),
      setting('max_wait_ms', false, 'SWITCHBOARD__TURN__MAX_WAIT_MS'),
    ],
  },
];
const names = (word: string, onlySet = false) =>
  found(sections, word, onlySet).flatMap((section) => section.settings.map(({ name }) => name));

it('finds settings by section, name and variable', () => {
  expect(names('')).toEqual(['listen', 'quiet_ms', 'max_wait_ms']);
  expect(names('turn.q')).toEqual(['quiet_ms']);
  expect(names('__MAX')).toEqual(['max_wait_ms']);
  expect(names('nothing')).toEqual([]);
});

it('leaves out what nobody has set', () => {
  expect(names('', true)).toEqual(['listen', 'max_wait_ms']);
});
