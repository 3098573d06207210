/** How a figure stands to the one of the period before. */
export interface Change {
  /** `0.25` is a quarter more. Of shares: how many points of a hundred more. */
  by: number;
  way: 'more' | 'less' | 'same';
}

const SAME = 0.005;

/** Null where there is nothing to compare with. */
export function change(now: number | null | undefined, before: number | null | undefined): Change | null {
  if (now == null || before == null || before === 0) return null;
  return told((now - before) / before);
}

/** The same of shares, such as 0.95 of 1: their difference, not their ratio. */
export function changeOfShare(now: number | null | undefined, before: number | null | undefined): Change | null {
  return now == null || before == null ? null : told(now - before);
}

function told(by: number): Change {
  const way = Math.abs(by) < SAME ? 'same' : by > 0 ? 'more' : 'less';
  return { by, way };
}

/** A share, or null of nothing. */
export function share(part: number, whole: number): number | null {
  return whole > 0 ? part / whole : null;
}
