import { Alert, VisuallyHidden } from '@mantine/core';
import { IconAlertTriangle, IconClock } from '@tabler/icons-react';
import { useSyncExternalStore } from 'react';
import { useTranslation } from 'react-i18next';

import { ApiFailure } from '~/api/client';
import { Failure } from '~/parts/Failure';

const eachSecond = (passed: () => void) => {
  const timer = setInterval(passed, 1000);
  return () => clearInterval(timer);
};
const thisSecond = () => Math.floor(Date.now() / 1000);

/** Seconds until then, anew each second; 0 when it is past. */
export function useSecondsUntil(until: number): number {
  const now = useSyncExternalStore(eachSecond, thisSecond);
  return Math.max(0, Math.ceil(until / 1000) - now);
}

/** Why nobody was let in: `wrong` is said of credentials that do not fit. */
export function Refusal({ error, waitUntil, wrong }: { error: unknown; waitUntil: number; wrong: string }) {
  const { t } = useTranslation('signin');
  const secs = useSecondsUntil(waitUntil);
  if (error instanceof ApiFailure && error.status === 429) {
    if (secs === 0) return null;
    return (
      <Alert color="orange" role="alert" icon={<IconClock size={18} />} title={t('tooMany.title')}>
        {/* Heard once, and seen to pass. */}
        <VisuallyHidden>{t('tooMany.text', { count: error.retryAfterSecs ?? secs })}</VisuallyHidden>
        <span aria-hidden>{t('tooMany.text', { count: secs })}</span>
      </Alert>
    );
  }
  if (error instanceof ApiFailure && error.status === 401) {
    return (
      <Alert color="red" role="alert" icon={<IconAlertTriangle size={18} />} title={t('wrong.title')}>
        {wrong}
      </Alert>
    );
  }
  return <Failure error={error} />;
}
