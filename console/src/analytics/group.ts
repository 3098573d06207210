import type { Cell } from './csv';
import type { By } from './period';

type Row = Record<string, Cell>;

/** More bars than this are hairs. */
const MOST_BARS = 100;
const SIZES: Record<By, number[]> = { hour: [1, 3, 6, 12, 24], day: [1, 7, 14, 28] };

/** How many buckets a bar holds, so that bars are wide enough to be seen. */
export function barSize(buckets: number, by: By): number {
  const sizes = SIZES[by];
  return sizes.find((size) => buckets / size <= MOST_BARS) ?? sizes.at(-1)!;
}

/** Every so many rows as one: what `keys` name is added up, the rest is that of the first. The last may be of fewer. */
export function grouped(rows: Row[], size: number, keys: string[]): Row[] {
  if (size === 1) return rows;
  return Array.from({ length: Math.ceil(rows.length / size) }, (_, at) => {
    const part = rows.slice(at * size, (at + 1) * size);
    const sums = keys.map((key) => [key, part.reduce((sum, row) => sum + Number(row[key] ?? 0), 0)] as const);
    return { ...part[0], ...Object.fromEntries(sums) };
  });
}
