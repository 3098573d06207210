import { describe, expect, it } from 'vitest';

import { csvFile, toCsv } from './csv';

const rowOf = (...cells: Parameters<typeof toCsv>[1][number]) => toCsv([], [cells]).slice(2, -2);

describe('a CSV', () => {
  it('has a head, a line for each row, and ends its lines as it should', () => {
    expect(toCsv(['Day', 'Messages'], [['2026-11-21', 12], ['2026-11-22', 0]])).toBe(
      'Day,Messages\r\n2026-11-21,12\r\n2026-11-22,0\r\n',
    );
  });

  it('quotes what would break it, and nothing else', () => {
    expect(rowOf('Miga, Zürich')).toBe('"Miga, Zürich"');
    expect(rowOf('the "good" one')).toBe('"the ""good"" one"');
    expect(rowOf('two\nlines')).toBe('"two\nlines"');
    expect(rowOf(' spaces ')).toBe('" spaces "');
    expect(rowOf('semi;colon', 'مخبز')).toBe('semi;colon,مخبز');
  });

  it('leaves empty what is not known, and keeps numbers plain', () => {
    expect(rowOf(null, undefined, '', 0, 1234.5, -3, Number.NaN)).toBe(',,,0,1234.5,-3,');
  });

  it('disarms words that a spreadsheet would run', () => {
    expect(rowOf('=SUM(A1)')).toBe("'=SUM(A1)");
    expect(rowOf('@cmd', '+1', '-1')).toBe("'@cmd,'+1,'-1");
    expect(rowOf('=HYPERLINK("x","y")')).toBe('"\'=HYPERLINK(""x"",""y"")"');
    expect(rowOf('a=b')).toBe('a=b');
  });

  it('begins with the mark of UTF-8', async () => {
    expect([...new Uint8Array(await csvFile('a').arrayBuffer())]).toEqual([0xef, 0xbb, 0xbf, 0x61]);
  });
});
