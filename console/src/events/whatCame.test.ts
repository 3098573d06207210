import { describe, expect, it } from 'vitest';

import { parsed, whatCame } from './whatCame';

const webhook = (...changes: unknown[]) => ({ object: 'whatsapp_business_account', entry: [{ id: '1', changes }] });

describe('what a webhook brought', () => {
  it('is told by kind, with how often', () => {
    const came = whatCame(
      webhook(
        {
          field: 'messages',
          value: {
            contacts: [{ profile: { name: 'Ana' }, wa_id: '1' }],
            messages: [
              { id: 'wamid.A', type: 'text' },
              { id: 'wamid.B', type: 'text' },
            ],
          },
        },
        { field: 'messages', value: { statuses: [{ id: 'wamid.C', status: 'read' }], contacts: [{ wa_id: '2' }] } },
        { field: 'account_update', value: { event: 'X' } },
      ),
    );
    expect(came.pieces).toEqual([
      { what: 'message', word: 'text', count: 2 },
      { what: 'status', word: 'read', count: 1 },
      { what: 'field', word: 'account_update', count: 1 },
    ]);
    expect(came.wamids).toEqual(['wamid.A', 'wamid.B', 'wamid.C']);
    expect(came.names).toEqual(['Ana', '2']);
  });

  it('names each message once', () => {
    const statuses = ['sent', 'delivered'].map((status) => ({ id: 'wamid.A', status }));
    expect(whatCame(webhook({ field: 'messages', value: { statuses } })).wamids).toEqual(['wamid.A']);
  });

  it.each([
    undefined,
    null,
    'text',
    [],
    { entry: 'none' },
    { entry: [null, { changes: {} }] },
    webhook({ field: 'messages', value: { messages: 'this is no list', contacts: [null] } }),
    webhook(null, { value: { statuses: [{ id: 7, status: {} }] } }),
  ])('is read without falling over what is not as it should be: %j', (body) => {
    expect(() => whatCame(body)).not.toThrow();
    expect(whatCame(body).wamids).toEqual([]);
  });
});

it('a body that is no JSON has no value', () => {
  expect(parsed('{"a"')).toBeUndefined();
  expect(parsed('')).toBeUndefined();
  expect(parsed('null')).toBeNull();
});
