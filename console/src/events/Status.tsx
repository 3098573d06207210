import { useTranslation } from 'react-i18next';

import type { Schemas } from '~/api/client';
import { Tag, type Tone } from '~/parts/Tag';

type EventStatus = Schemas['EventStatus'];

const TONES: Record<EventStatus, Tone> = {
  received: 'new',
  applied: 'good',
  unrouted: 'warn',
  failed: 'bad',
  erased: 'plain',
};

export function Status({ status }: { status: EventStatus }) {
  const { t } = useTranslation('events');
  return <Tag tone={TONES[status]}>{t(`status.${status}`)}</Tag>;
}
