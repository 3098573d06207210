import { expect, it } from 'vitest';

import { crc32, zipped } from './zip';

const bytes = (text: string) => new TextEncoder().encode(text);

it('checks sums as everybody does', () => expect(crc32(bytes('123456789'))).toBe(0xcbf43926));

it('packs files so that they are found again by the directory at the end', async () => {
  const entries = [
    { name: 'messages.csv', content: bytes('Day\r\n') },
    { name: 'رسائل.csv', content: bytes('مرحبا') },
  ];
  const view = new DataView(await zipped(entries).arrayBuffer());
  const end = view.byteLength - 22;
  expect(view.getUint32(end, true)).toBe(0x06054b50);
  expect(view.getUint16(end + 10, true)).toBe(2);
  let at = view.getUint32(end + 16, true);
  expect(at + view.getUint32(end + 12, true)).toBe(end);

  const text = (from: number, length: number) => new TextDecoder().decode(new Uint8Array(view.buffer, from, length));
  const found = entries.map(() => {
    expect(view.getUint32(at, true)).toBe(0x02014b50);
    const [size, titleSize, local] = [view.getUint32(at + 24, true), view.getUint16(at + 28, true), view.getUint32(at + 42, true)];
    const name = text(at + 46, titleSize);
    at += 46 + titleSize;
    expect(view.getUint32(local, true)).toBe(0x04034b50);
    return { name, content: bytes(text(local + 30 + titleSize, size)) };
  });
  expect(found).toEqual(entries);
});
