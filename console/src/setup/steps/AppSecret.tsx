import { Anchor, Button, Group, PasswordInput, Stack, Text } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useState } from 'react';
import { Trans, useTranslation } from 'react-i18next';

import { useUpdateNumber } from '~/numbers/useNumber';
import { APPS } from '~/numbers/WhereFound';
import { Failure } from '~/parts/Failure';
import { placeErrors } from '~/parts/fields';

/** Without the app secret no webhook can be told from a forged one: it comes first. */
export function AppSecret({ numberId }: { numberId: string }) {
  const { t } = useTranslation(['setup', 'numbers', 'parts']);
  const update = useUpdateNumber(numberId);
  const [error, setError] = useState<unknown>(null);
  const form = useForm({ initialValues: { app_secret: '' } });
  const save = form.onSubmit(async ({ app_secret }) => {
    setError(null);
    try {
      await update({ app_secret: app_secret.trim() });
    } catch (thrown) {
      if (!placeErrors(form, thrown)) setError(thrown);
    }
  });
  return (
    <form onSubmit={save}>
      <Stack>
        <Text size="sm">
          <Trans
            t={t}
            i18nKey="webhook.secret"
            components={{ a: <Anchor href={APPS} target="_blank" rel="noreferrer" underline="always" inherit />, b: <b /> }}
          />
        </Text>
        <PasswordInput
          label={t('numbers:field.app_secret')}
          autoComplete="off"
          required
          {...form.getInputProps('app_secret')}
        />
        <Failure error={error} />
        <Group justify="flex-end">
          <Button type="submit" loading={form.submitting}>
            {t('parts:save')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
