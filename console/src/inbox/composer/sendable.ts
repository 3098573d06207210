/** What WhatsApp takes as what, and up to which size (Meta's table of supported media types). */

export type FileKind = 'image' | 'video' | 'audio' | 'sticker' | 'document';

const MIB = 1024 * 1024;
/** The most that goes into any message. */
export const MAX_BYTES = 100 * MIB;

export const LIMITS: Record<FileKind, { types: readonly string[]; bytes: number }> = {
  image: { types: ['image/jpeg', 'image/png'], bytes: 5 * MIB },
  video: { types: ['video/mp4', 'video/3gpp'], bytes: 16 * MIB },
  audio: { types: ['audio/aac', 'audio/amr', 'audio/mpeg', 'audio/mp4', 'audio/ogg'], bytes: 16 * MIB },
  sticker: { types: ['image/webp'], bytes: MIB / 2 },
  document: { types: [], bytes: MAX_BYTES },
};

const SHOWN: readonly FileKind[] = ['image', 'video', 'audio'];
/** Kinds that carry words of their own. */
export const CAPTIONED: readonly FileKind[] = ['image', 'video', 'document'];
export const MAX_CAPTION = 1024;
export const MAX_TEXT = 4096;

export interface Verdict {
  kind: FileKind;
  /** Why it does not go out as what it is, or not at all. */
  note?: 'tooLarge' | 'empty' | 'asDocumentSize' | 'asDocumentType';
  /** The limit that is meant. */
  bytes?: number;
}

/** As what a file can be sent, before anything of it is uploaded. */
export function judge(file: { type: string; size: number }): Verdict {
  const type = file.type.split(';')[0]!.trim().toLowerCase();
  if (file.size === 0) return { kind: 'document', note: 'empty' };
  if (file.size > MAX_BYTES) return { kind: 'document', note: 'tooLarge', bytes: MAX_BYTES };
  const kind = SHOWN.find((kind) => LIMITS[kind].types.includes(type));
  if (kind) {
    const { bytes } = LIMITS[kind];
    return file.size <= bytes ? { kind } : { kind: 'document', note: 'asDocumentSize', bytes };
  }
  const looksShown = /^(image|video|audio)\//.test(type);
  return looksShown ? { kind: 'document', note: 'asDocumentType' } : { kind: 'document' };
}

/** What it may be sent as once its bytes are known: as it was meant, if it is what it says. */
export function settledKind(wanted: FileKind, is: string): FileKind {
  return wanted === is ? wanted : 'document';
}
