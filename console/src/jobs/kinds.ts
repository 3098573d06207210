import type { TFunction } from 'i18next';

import type { JobKind } from './queries';

export const KINDS: JobKind[] = [
  'turn',
  'send_message',
  'fetch_media',
  'index_file',
  'check_number',
  'sync_templates',
  'erase_contact',
];

/** What a job does, in words; a kind that is newer than these by its own. */
export function kindName(t: TFunction<'jobs'>, kind: string): string {
  const known = KINDS.find((one) => one === kind);
  return known ? t(`kind.${known}`) : kind.replaceAll('_', ' ');
}
