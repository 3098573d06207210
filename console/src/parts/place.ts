import i18next from 'i18next';

import { count } from './numbers';

/** Where in its file a passage stands: "page 3 › Breads". */
export function placeOf({ page, row, heading }: { page?: number | null; row?: number | null; heading?: string | null }): string {
  return [
    page != null && i18next.t('parts:place.page', { page: count(page) }),
    row != null && i18next.t('parts:place.row', { row: count(row) }),
    heading?.replaceAll(' > ', ' › '),
  ]
    .filter(Boolean)
    .join(' › ');
}
