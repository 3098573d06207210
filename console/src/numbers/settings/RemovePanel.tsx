import { Group, Text } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';

import { api, ok, type Schemas } from '~/api/client';
import { ConfirmButton } from '~/parts/ConfirmButton';
import { Panel } from '~/parts/Panel';
import { nameOf, useNumbersChanged } from '../useNumber';

export function RemovePanel({ number }: { number: Schemas['Number'] }) {
  const { t } = useTranslation(['numbers', 'parts']);
  const navigate = useNavigate();
  const changed = useNumbersChanged();

  const remove = async () => {
    await ok(api.DELETE('/api/v1/numbers/{number_id}', { params: { path: { number_id: number.id } } }));
    await navigate({ to: '/numbers' });
    await changed();
  };

  return (
    <Panel title={t('remove.title')}>
      <Group justify="space-between" gap="lg">
        <Text size="sm" maw={440}>
          {t('remove.text')}
        </Text>
        <ConfirmButton
          title={t('remove.title')}
          question={t('remove.question', { name: nameOf(number) })}
          confirm={t('parts:remove')}
          action={remove}
        >
          {t('remove.button')}
        </ConfirmButton>
      </Group>
    </Panel>
  );
}
