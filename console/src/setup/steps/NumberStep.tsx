import { Group, Skeleton, Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';

import { api, ok, type Schemas } from '~/api/client';
import { CheckButton } from '~/numbers/CheckButton';
import { HealthStatus } from '~/numbers/HealthStatus';
import { NewNumberForm } from '~/numbers/NewNumberForm';
import { Problems } from '~/numbers/overview/Problems';
import { nameOf, useLiveNumbers, useNumber, useNumbersChanged } from '~/numbers/useNumber';
import { AnchorLink } from '~/parts/links';
import type { Setup } from '../queries';

/** The number: asked for, then looked at by Meta. */
export function NumberStep({ setup }: { setup: Setup }) {
  const { t } = useTranslation('setup');
  const changed = useNumbersChanged();
  if (setup.number) return <There id={setup.number.id} />;

  // Meta is asked at once, so that a wrong id or token shows here and not in the fourth step.
  const check = (number: Schemas['Number']) =>
    void ok(api.POST('/api/v1/numbers/{number_id}/check', { params: { path: { number_id: number.id } } }))
      .catch(() => null)
      .then(changed);
  return (
    <Stack>
      <Text>{t('number.text')}</Text>
      <NewNumberForm onMade={check} agentId={setup.agent?.id} />
    </Stack>
  );
}

function There({ id }: { id: string }) {
  const { t } = useTranslation('setup');
  const { data: number } = useNumber(id);
  useLiveNumbers();
  if (!number) return <Skeleton h={80} aria-hidden />;
  return (
    <Stack>
      <Group justify="space-between">
        <div>
          <Text fw={600}>
            <bdi>{nameOf(number)}</bdi>
          </Text>
          <Text size="sm" c="var(--quiet)">
            <bdi>{number.display_phone_number ?? number.phone_number_id}</bdi>
          </Text>
        </div>
        <HealthStatus status={number.health.status} />
      </Group>
      <Problems number={number} />
      <Group>
        <CheckButton id={id} size="xs" />
        <AnchorLink to="/numbers/$numberId" params={{ numberId: id }} size="sm">
          {t('number.open')}
        </AnchorLink>
      </Group>
    </Stack>
  );
}
