import { Button, Group, PasswordInput, SimpleGrid, Stack, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { api, ok, type Schemas } from '~/api/client';
import { AgentSelect } from '~/parts/AgentSelect';
import { Failure } from '~/parts/Failure';
import { placeErrors } from '~/parts/fields';
import { useNumbersChanged } from './useNumber';
import { WhereFound } from './WhereFound';

/** Asks for what Meta shows of a number, with where it is shown. */
export function NewNumberForm({
  onMade,
  onCancel,
  agentId,
}: {
  onMade: (number: Schemas['Number']) => void;
  onCancel?: () => void;
  /** Who answers, where that is known already. */
  agentId?: string;
}) {
  const { t } = useTranslation(['numbers', 'parts']);
  const changed = useNumbersChanged();
  const [error, setError] = useState<unknown>(null);
  const form = useForm({
    initialValues: {
      display_name: '',
      display_phone_number: '',
      phone_number_id: '',
      waba_id: '',
      access_token: '',
      app_secret: '',
      agent_id: agentId ?? (null as string | null),
    },
  });

  const create = form.onSubmit(async (values) => {
    setError(null);
    const given = Object.entries(values).map(([field, value]) => [field, value?.trim() || undefined]);
    try {
      const body = Object.fromEntries(given) as Schemas['CreateNumber'];
      const number = await ok(api.POST('/api/v1/numbers', { body }));
      await changed();
      onMade(number);
    } catch (thrown) {
      if (!placeErrors(form, thrown)) setError(thrown);
    }
  });

  return (
    <form onSubmit={create}>
      <Stack>
        <WhereFound />
        <SimpleGrid cols={{ base: 1, xs: 2 }}>
          <TextInput
            label={t('field.phone_number_id')}
            placeholder="106540352242922"
            required
            autoComplete="off"
            {...form.getInputProps('phone_number_id')}
          />
          <TextInput
            label={t('field.waba_id')}
            placeholder="102290129340398"
            autoComplete="off"
            {...form.getInputProps('waba_id')}
          />
        </SimpleGrid>
        <PasswordInput
          label={t('field.access_token')}
          placeholder="EAA…"
          autoComplete="off"
          {...form.getInputProps('access_token')}
        />
        <PasswordInput
          label={t('field.app_secret')}
          description={t('hint.app_secret')}
          autoComplete="off"
          {...form.getInputProps('app_secret')}
        />
        <SimpleGrid cols={{ base: 1, xs: 2 }}>
          <TextInput
            label={t('field.display_name')}
            placeholder={t('example.name')}
            autoComplete="off"
            {...form.getInputProps('display_name')}
          />
          <TextInput
            label={t('field.display_phone_number')}
            placeholder="+55 11 91234-5678"
            autoComplete="off"
            {...form.getInputProps('display_phone_number')}
          />
        </SimpleGrid>
        {agentId === undefined && (
          <AgentSelect label={t('agent')} placeholder={t('defaultAgent')} {...form.getInputProps('agent_id')} />
        )}
        <Failure error={error} />
        <Group justify="flex-end">
          {onCancel && (
            <Button variant="default" onClick={onCancel}>
              {t('parts:cancel')}
            </Button>
          )}
          <Button type="submit" loading={form.submitting}>
            {t('add')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
