/** Which files can be read, told before they are sent. The gateway looks again, and closer. */

export const MAX_FILE_BYTES = 20 * 1024 * 1024;
const TEXTS = ['txt', 'text', 'md', 'markdown', 'csv', 'tsv', 'html', 'htm', 'json', 'jsonl', 'ndjson'];
const READABLE = new Set([...TEXTS, 'xlsx', 'ods', 'pdf', 'docx', 'pptx']);
/** For the picker. */
export const ACCEPTED = [...READABLE].map((ending) => `.${ending}`).join();

const DOCUMENTS = new Set(['doc', 'odt', 'rtf', 'pages', 'ppt', 'odp', 'key', 'epub']);
const TABLES = new Set(['xls', 'xlsm', 'numbers']);
const PICTURES = new Set(['png', 'jpg', 'jpeg', 'gif', 'webp', 'heic', 'svg', 'bmp', 'tif', 'tiff']);

/** Why a file is not sent; each has a sentence among the words. */
export type Refusal = 'empty' | 'tooLarge' | 'document' | 'table' | 'picture' | 'unknown' | 'binary';

export function endingOf(name: string): string {
  const dot = name.lastIndexOf('.');
  return dot < 0 ? '' : name.slice(dot + 1).toLowerCase();
}

/** What is known from a file's name and size. */
export function refusalOf({ name, size }: { name: string; size: number }): Refusal | null {
  const ending = endingOf(name);
  if (DOCUMENTS.has(ending)) return 'document';
  if (TABLES.has(ending)) return 'table';
  if (PICTURES.has(ending)) return 'picture';
  if (!READABLE.has(ending)) return 'unknown';
  if (size === 0) return 'empty';
  return size > MAX_FILE_BYTES ? 'tooLarge' : null;
}

/** Whether a file is lines of text by its name. */
export const isText = (name: string) => TEXTS.includes(endingOf(name));

/** Whether the beginning of a file is that of no text; UTF-16 with its mark is text. */
export function isBinary(head: Uint8Array): boolean {
  const hasMark = (head[0] === 0xff && head[1] === 0xfe) || (head[0] === 0xfe && head[1] === 0xff);
  return !hasMark && head.includes(0);
}
