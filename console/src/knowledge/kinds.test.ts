import { expect, it } from 'vitest';

import { isBinary, MAX_FILE_BYTES, refusalOf } from './kinds';

it.each([
  ['prices.CSV', 10, null],
  ['a.b.md', 10, null],
  ['menu.pdf', 10, null],
  ['menu.xlsx', 10, null],
  ['menu.doc', 10, 'document'],
  ['menu.xls', 10, 'table'],
  ['shop.jpeg', 10, 'picture'],
  ['README', 10, 'unknown'],
  ['a.exe', 10, 'unknown'],
  ['a.txt', 0, 'empty'],
  ['a.txt', MAX_FILE_BYTES, null],
  ['a.txt', MAX_FILE_BYTES + 1, 'tooLarge'],
])('%s of %i bytes: %s', (name, size, refusal) => expect(refusalOf({ name, size })).toBe(refusal));

it('knows text from other things by its first bytes', () => {
  expect(isBinary(new TextEncoder().encode('Brot, süß'))).toBe(false);
  expect(isBinary(new Uint8Array([0xff, 0xfe, 0x41, 0]))).toBe(false);
  expect(isBinary(new Uint8Array([0x50, 0x4b, 3, 4, 0, 0]))).toBe(true);
});
