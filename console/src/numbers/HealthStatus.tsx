import { useTranslation } from 'react-i18next';

import type { Schemas } from '~/api/client';
import classes from './HealthStatus.module.css';

/** How a number is, as a coloured point and a word. */
export function HealthStatus({ status }: { status: Schemas['HealthStatus'] }) {
  const { t } = useTranslation('numbers');
  return (
    <span className={classes.status} data-status={status}>
      {t(`status.${status}`)}
    </span>
  );
}
