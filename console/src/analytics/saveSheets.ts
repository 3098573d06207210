import { saveFile } from '~/parts/save';
import { csvFile, toCsv } from './csv';
import type { Sheet } from './sheets';
import { zipped } from './zip';

function csvOf({ columns, rows }: Sheet): Blob {
  const heads = columns.map(({ head }) => head);
  return csvFile(toCsv(heads, rows));
}

export function saveSheet(sheet: Sheet) {
  saveFile(`${sheet.name}.csv`, csvOf(sheet));
}

/** All of them, as one file. */
export async function saveAll(name: string, sheets: Sheet[]) {
  const entries = sheets.map(async (sheet) => ({
    name: `${sheet.name}.csv`,
    content: new Uint8Array(await csvOf(sheet).arrayBuffer()),
  }));
  saveFile(`${name}.zip`, zipped(await Promise.all(entries)));
}
