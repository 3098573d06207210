import { IconAlertCircle, IconCheck, IconChecks, IconClock, IconClockQuestion } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';

import type { Message } from '../queries';
import classes from './Ticks.module.css';

const ICONS = {
  queued: IconClock,
  sending: IconClock,
  unsettled: IconClockQuestion,
  accepted: IconCheck,
  sent: IconCheck,
  delivered: IconChecks,
  read: IconChecks,
  failed: IconAlertCircle,
} as const;

/** How far a message of ours has got. */
export function Ticks({ status, size = 16 }: { status: Message['status']; size?: number }) {
  const { t } = useTranslation('inbox');
  if (!status) return null;
  const Icon = ICONS[status];
  return (
    <span className={classes.ticks} data-status={status} role="img" aria-label={t(`status.${status}`)} title={t(`status.${status}`)}>
      <Icon size={size} stroke={2} aria-hidden />
    </span>
  );
}
