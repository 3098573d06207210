/** Why a file is not here, sorted by what somebody can do about it. The gateway's own words name the cause. */
export type Failure = 'gone' | 'noFile' | 'tooLarge' | 'token' | 'other';

export function failureOf(error: string | null | undefined): Failure {
  const words = (error ?? '').toLowerCase();
  if (words.includes('no longer has the file') || words.includes('not at its address')) return 'gone';
  if (words.includes('names no file')) return 'noFile';
  if (words.includes('larger than')) return 'tooLarge';
  if (words.includes('access token') || words.includes('credentials')) return 'token';
  return 'other';
}

/** What is odd about a file that is here. */
export type Oddity = 'otherType' | 'otherHash' | 'other';

export function oddityOf(warning: string): Oddity {
  if (warning.startsWith('it was sent as')) return 'otherType';
  return warning.includes('hash') ? 'otherHash' : 'other';
}

/** Meta's kinds of messages that carry a file. */
export const KINDS = ['image', 'video', 'audio', 'document', 'sticker'] as const;
export type Kind = (typeof KINDS)[number];

export function kindOf(kind: string): Kind {
  return KINDS.find((known) => known === kind) ?? 'document';
}

/** Whether the browser may show the bytes as a picture: what they are decides, not what was said. */
export function isPicture(mediaType: string | null | undefined): boolean {
  return ['image/jpeg', 'image/png', 'image/webp', 'image/gif'].includes(mediaType ?? '');
}

/** "PDF", "PNG": short enough for a corner. */
export function shortType(mediaType: string | null | undefined, fileName: string | null | undefined): string | undefined {
  const ending = /\.([a-z0-9]{1,5})$/i.exec(fileName ?? '')?.[1];
  const subtype = mediaType?.split(';')[0]?.split('/')[1];
  const short = subtype && /^[a-z0-9]{1,5}$/i.test(subtype) ? subtype : undefined;
  return (ending ?? short)?.toUpperCase();
}
