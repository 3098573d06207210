import { expect, it } from 'vitest';

import type { Schemas } from '~/api/client';

import { canBeEdited, componentsOf, type Draft, draftOf, emptyDraft, newButton } from './draft';
import { partsOf } from '../parts';
import { fieldOf, problemsOf } from './rules';

const draft = (changes: Partial<Draft>): Draft => ({ ...emptyDraft, number_id: 'num_1', name: 'order', ...changes });
const fine = { body: 'Hello {{1}}, your order {{2}} is ready.', samples: { 1: 'Ana', 2: 'A-77' } };

it('makes Meta’s shape and reads it back', () => {
  const link = { ...newButton('URL'), text: 'Track', url: 'https://x.test/{{1}}', example: 'https://x.test/77' };
  const made = draft({ ...fine, header: 'TEXT', headerText: 'Order {{1}}', headerSample: '77', footer: 'Shop', buttons: [link] });
  expect(problemsOf(made)).toEqual({});
  const components = componentsOf(made);
  expect(components).toEqual([
    { type: 'HEADER', format: 'TEXT', text: 'Order {{1}}', example: { header_text: ['77'] } },
    { type: 'BODY', text: fine.body, example: { body_text: [['Ana', 'A-77']] } },
    { type: 'FOOTER', text: 'Shop' },
    { type: 'BUTTONS', buttons: [{ type: 'URL', text: 'Track', url: 'https://x.test/{{1}}', example: ['https://x.test/77'] }] },
  ]);
  const template = { name: 'order', language: 'en', category: 'UTILITY', parameter_format: 'positional', components };
  const read = draftOf(template as unknown as Schemas['Template'], 'num_1');
  expect({ ...read, buttons: [] }).toEqual({ ...made, buttons: [] });
  expect(componentsOf(read)).toEqual(components);
});

it('gives samples in the order of the numbers, and named ones by name', () => {
  const turned = draft({ body: 'For {{2}} and for {{1}} too.', samples: { 1: 'one', 2: 'two' } });
  expect(componentsOf(turned)[0]).toMatchObject({ example: { body_text: [['one', 'two']] } });
  const named = draft({ named: true, body: 'Hi {{first_name}}, all is set.', samples: { first_name: 'Ana' } });
  expect(componentsOf(named)[0]).toMatchObject({
    example: { body_text_named_params: [{ param_name: 'first_name', example: 'Ana' }] },
  });
  expect(partsOf(componentsOf(named)).samples).toEqual({ first_name: 'Ana' });
});

it.each([
  ['{{1}} is here, all is well.', 'edges'],
  ['All is well, dear {{1}}', 'edges'],
  ['All is well {{1}} {{2}} and so on.', 'neighbours'],
  ['Hi {{1}} a {{2}}.', 'dense'],
  ['Hi {{2}}, all is well.', 'numbered'],
  ['Hi {{name}}, all is well.', 'numbered'],
  ['Hi {{1, all is well.', 'brace'],
  ['', 'missing'],
])('refuses the body “%s”: %s', (body, problem) => {
  expect(problemsOf(draft({ body, samples: { 1: 'a', 2: 'b' } })).body).toBe(problem);
});

it('knows what buttons, headers and categories allow', () => {
  const reply = { ...newButton('QUICK_REPLY'), text: 'Ok' };
  const call = { ...newButton('PHONE_NUMBER'), text: 'Call', phone_number: '+15550002222' };
  expect(problemsOf(draft({ ...fine, buttons: [reply, call] }))).toEqual({});
  expect(problemsOf(draft({ ...fine, buttons: [reply, call, { ...reply, key: 99 }] })).buttons).toBe('together');
  expect(problemsOf(draft({ ...fine, header: 'GIF', headerHandle: 'h' })).header).toBe('gif');
  expect(problemsOf(draft({ ...fine, header: 'IMAGE' })).headerHandle).toBe('handle');
  expect(problemsOf(draft({ ...fine, category: 'MARKETING', ttl: 3600 })).ttl).toBe('ttl');
  expect(problemsOf(draft({ category: 'AUTHENTICATION' }))).toEqual({});
  expect(componentsOf(draft({ category: 'AUTHENTICATION' })).map((part) => part.type)).toEqual(['BODY', 'FOOTER', 'BUTTONS']);
});

it('finds the place of a field that the API names', () => {
  const button = newButton('URL');
  const given = draft({ buttons: [button] });
  const types = ['BODY', 'BUTTONS'];
  expect(fieldOf('components[1].buttons[0].url', given, types)).toBe(`buttons.${button.key}.url`);
  expect(fieldOf('components[0].text', given, types)).toBe('body');
  expect(fieldOf('name', given, types)).toBe('name');
  expect(fieldOf('components', given, types)).toBeNull();
});

it('leaves alone what it does not know whole', () => {
  expect(canBeEdited(partsOf([{ type: 'BODY', text: 'Hi' }, { type: 'CAROUSEL', cards: [{ components: [] }] }]))).toBe(false);
  expect(canBeEdited(partsOf([{ type: 'BODY', text: 'Hi' }, { type: 'BUTTONS', buttons: [{ type: 'MPM' }] }]))).toBe(false);
  expect(canBeEdited(partsOf([{ type: 'BODY', text: 'Hi' }]))).toBe(true);
});
