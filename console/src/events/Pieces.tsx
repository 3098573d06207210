import { useTranslation } from 'react-i18next';

import { count } from '~/parts/numbers';
import type { Came } from './whatCame';

const MOST = 3;

/** "Message: text · Status: read ×2" */
export function Pieces({ pieces }: { pieces: Came['pieces'] }) {
  const { t } = useTranslation('events');
  if (pieces.length === 0) return <>{t('unreadable')}</>;
  const told = pieces.slice(0, MOST).map(({ what, word, count: times }) => {
    const name = t(`piece.${what}`, { word: `\u2068${word}\u2069` });
    return times > 1 ? `${name} ×${count(times)}` : name;
  });
  if (pieces.length > MOST) told.push('…');
  return <>{told.join(' · ')}</>;
}
