import { Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';

import type { Schemas } from '~/api/client';
import { Panel } from '~/parts/Panel';
import { Ago } from '~/parts/time';
import { HealthStatus } from '../HealthStatus';
import { Problems } from './Problems';

/** Whether the number does its work, and what to do where it does not. */
export function HealthPanel({ number }: { number: Schemas['Number'] }) {
  const { t } = useTranslation('numbers');
  const { status, problems, checked_at } = number.health;
  return (
    <Panel title={t('health')} actions={<HealthStatus status={status} />}>
      <div aria-live="polite">
        {status === 'ok' && <Text>{t('sentence.ok')}</Text>}
        {status === 'unknown' && <Text>{t('sentence.unknown')}</Text>}
        {status === 'trouble' && problems.length === 0 && <Text>{number.health.message}</Text>}
        <Problems number={number} />
      </div>
      {checked_at && (
        <Text size="sm" c="var(--quiet)" mt="md">
          {t('checked')} <Ago at={checked_at} span inherit />
        </Text>
      )}
    </Panel>
  );
}
