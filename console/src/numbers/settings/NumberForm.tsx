import { Button, Group, SimpleGrid, Stack, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import type { Schemas } from '~/api/client';
import { AgentSelect } from '~/parts/AgentSelect';
import { Failure, notifyDone } from '~/parts/Failure';
import { placeErrors } from '~/parts/fields';
import { Panel } from '~/parts/Panel';
import { useMay } from '~/session';
import { changesOf, type NumberValues, valuesOf } from '../changes';
import { useUpdateNumber } from '../useNumber';
import { SecretField } from './SecretField';

const SECRETS = ['access_token', 'app_secret', 'verify_token'] as const;

/** Every field of a number. */
export function NumberForm({ number }: { number: Schemas['Number'] }) {
  const { t } = useTranslation(['numbers', 'parts']);
  const isAdmin = useMay();
  const update = useUpdateNumber(number.id);
  const [error, setError] = useState<unknown>(null);
  const form = useForm<NumberValues>({ initialValues: valuesOf(number) });
  const changes = changesOf(number, form.values);
  const isChanged = Object.keys(changes).length > 0;

  const save = form.onSubmit(async () => {
    setError(null);
    try {
      form.setValues(valuesOf(await update(changes)));
      notifyDone(t('saved'));
    } catch (thrown) {
      if (!placeErrors(form, thrown)) setError(thrown);
    }
  });

  return (
    <form onSubmit={save}>
      <Panel title={t('tab.settings')}>
        <Stack>
          <SimpleGrid cols={{ base: 1, xs: 2 }}>
            <TextInput
              label={t('field.display_name')}
              description={t('hint.display_name')}
              disabled={!isAdmin}
              {...form.getInputProps('display_name')}
            />
            <TextInput
              label={t('field.display_phone_number')}
              description={t('hint.display_phone_number')}
              disabled={!isAdmin}
              {...form.getInputProps('display_phone_number')}
            />
            <TextInput
              label={t('field.phone_number_id')}
              description={t('hint.phone_number_id')}
              required
              disabled={!isAdmin}
              {...form.getInputProps('phone_number_id')}
            />
            <TextInput
              label={t('field.waba_id')}
              description={t('hint.waba_id')}
              disabled={!isAdmin}
              {...form.getInputProps('waba_id')}
            />
          </SimpleGrid>
          <AgentSelect
            label={t('agent')}
            placeholder={t('defaultAgent')}
            disabled={!isAdmin}
            {...form.getInputProps('agent_id')}
          />
          <Text fw={600} component="h3" size="sm" mt="sm">
            {t('secrets.title')}
          </Text>
          <Text size="sm" c="var(--quiet)" mt={-12}>
            {t('secrets.text')}
          </Text>
          {SECRETS.map((name) => (
            <SecretField
              key={name}
              label={t(`field.${name}`)}
              description={t(`hint.${name}`)}
              isSet={number[`has_${name}`]}
              mayChange={isAdmin}
              {...form.getInputProps(name)}
            />
          ))}
          <Failure error={error} />
          {isAdmin ? (
            <Group justify="flex-end">
              <Button variant="default" disabled={!isChanged} onClick={() => form.setValues(valuesOf(number))}>
                {t('discard')}
              </Button>
              <Button type="submit" loading={form.submitting} disabled={!isChanged}>
                {t('parts:save')}
              </Button>
            </Group>
          ) : (
            <Text size="sm" c="var(--quiet)">
              {t('parts:notAllowed')}
            </Text>
          )}
        </Stack>
      </Panel>
    </form>
  );
}
