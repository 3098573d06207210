import { Button, Group, PinInput, Stack, Text, TextInput } from '@mantine/core';
import { type GetInputPropsReturnType, useForm } from '@mantine/form';
import { type FormEvent, type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';

import { api, ok, type Schemas } from '~/api/client';
import { ConfirmButton } from '~/parts/ConfirmButton';
import { Failure, notifyDone } from '~/parts/Failure';
import { placeErrors } from '~/parts/fields';
import { Panel } from '~/parts/Panel';
import { nameOf, useNumbersChanged } from '../useNumber';

const PIN_DIGITS = 6;

/** Puts the number on the Cloud API, where its webhooks and sends are. */
export function Register({ id }: { id: string }) {
  const { t } = useTranslation('numbers');
  const changed = useNumbersChanged();
  const [error, setError] = useState<unknown>(null);
  const form = useForm({
    initialValues: { pin: '', data_localization_region: '' },
    validate: { pin: (pin) => (pin.length === PIN_DIGITS ? null : t('pin.digits')) },
  });
  const register = form.onSubmit(async ({ pin, data_localization_region }) => {
    setError(null);
    try {
      const region = data_localization_region.trim().toUpperCase() || null;
      await ok(
        api.POST('/api/v1/numbers/{number_id}/register', {
          params: { path: { number_id: id } },
          body: { pin, data_localization_region: region },
        }),
      );
      form.reset();
      notifyDone(t('register.done'));
      await changed();
    } catch (thrown) {
      if (!placeErrors(form, thrown)) setError(thrown);
    }
  });
  return (
    <Panel title={t('register.title')}>
      <PinForm
        text={t('register.text')}
        button={t('register.button')}
        busy={form.submitting}
        error={error}
        onSubmit={register}
        pin={form.getInputProps('pin')}
      >
        <TextInput
          label={t('register.region')}
          description={t('register.regionHint')}
          maxLength={2}
          maw={280}
          {...form.getInputProps('data_localization_region')}
        />
      </PinForm>
    </Panel>
  );
}

/** The PIN that guards the registration. */
export function NewPin({ id }: { id: string }) {
  const { t } = useTranslation('numbers');
  const [error, setError] = useState<unknown>(null);
  const form = useForm({
    initialValues: { pin: '' },
    validate: { pin: (pin) => (pin.length === PIN_DIGITS ? null : t('pin.digits')) },
  });
  const set = form.onSubmit(async (body) => {
    setError(null);
    try {
      await ok(api.POST('/api/v1/numbers/{number_id}/pin', { params: { path: { number_id: id } }, body }));
      form.reset();
      notifyDone(t('pin.done'));
    } catch (thrown) {
      if (!placeErrors(form, thrown)) setError(thrown);
    }
  });
  return (
    <Panel title={t('pin.title')}>
      <PinForm
        text={t('pin.text')}
        button={t('pin.button')}
        busy={form.submitting}
        error={error}
        onSubmit={set}
        pin={form.getInputProps('pin')}
      />
    </Panel>
  );
}

/** Six digits and what is done with them. */
function PinForm({
  text,
  button,
  busy,
  error,
  pin,
  onSubmit,
  children,
}: {
  text: string;
  button: string;
  busy: boolean;
  error: unknown;
  pin: GetInputPropsReturnType;
  onSubmit: (event: FormEvent<HTMLFormElement>) => void;
  children?: ReactNode;
}) {
  const { t } = useTranslation('numbers');
  return (
    <form onSubmit={onSubmit}>
      <Stack>
        <Text size="sm">{text}</Text>
        <div role="group" aria-label={t('pin.label')}>
          <Text size="sm" fw={500} mb={4}>
            {t('pin.label')}
          </Text>
          <PinInput
            length={PIN_DIGITS}
            type="number"
            mask
            oneTimeCode={false}
            aria-label={t('pin.digit')}
            value={pin.value}
            onChange={pin.onChange}
            error={!!pin.error}
            dir="ltr"
          />
          {pin.error && (
            <Text size="xs" c="var(--mantine-color-error)" mt={4} role="alert">
              {pin.error}
            </Text>
          )}
        </div>
        {children}
        <Failure error={error} />
        <Group>
          <Button type="submit" variant="default" loading={busy}>
            {button}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

/** Takes the number off the Cloud API again. */
export function Deregister({ number }: { number: Schemas['Number'] }) {
  const { t } = useTranslation('numbers');
  const changed = useNumbersChanged();
  const deregister = async () => {
    await ok(api.POST('/api/v1/numbers/{number_id}/deregister', { params: { path: { number_id: number.id } } }));
    notifyDone(t('deregister.done'));
    await changed();
  };
  return (
    <Panel title={t('deregister.title')}>
      <Group justify="space-between" gap="lg">
        <Text size="sm" maw={440}>
          {t('deregister.text')}
        </Text>
        <ConfirmButton
          title={t('deregister.title')}
          question={t('deregister.question', { name: nameOf(number) })}
          confirm={t('deregister.button')}
          action={deregister}
        >
          {t('deregister.button')}
        </ConfirmButton>
      </Group>
    </Panel>
  );
}
