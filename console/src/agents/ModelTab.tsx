import {
  Alert,
  Button,
  Checkbox,
  Collapse,
  Group,
  NumberInput,
  PasswordInput,
  SimpleGrid,
  Stack,
  Switch,
  Text,
  TextInput,
} from '@mantine/core';
import { useForm } from '@mantine/form';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { problemOf } from '~/api/client';
import { Failure, notifyDone } from '~/parts/Failure';
import { Panel } from '~/parts/Panel';
import { useMay } from '~/session';

import { useChangeAgent } from './agent';
import { type Agent, getSetup } from './queries';
import { modelChange, type ModelValues, needsKey, valuesOf } from './modelChange';
import { UnsavedGuard } from './UnsavedGuard';

/** Which model answers, and how. */
export function ModelTab({ agent }: { agent: Agent }) {
  // A version by somebody else fills the form anew.
  return <ModelForm key={JSON.stringify(agent.model)} agent={agent} />;
}

function ModelForm({ agent }: { agent: Agent }) {
  const { t } = useTranslation(['agents', 'parts']);
  const mayChange = useMay('editor');
  const change = useChangeAgent(agent.id);
  const [error, setError] = useState<unknown>(null);
  const setup = useQuery({ queryKey: ['setup'], queryFn: ({ signal }) => getSetup(signal), retry: false });
  const form = useForm<ModelValues>({
    initialValues: valuesOf(agent.model),
    validate: {
      base_url: (url, { own }) => (own && !/^https?:\/\/[!-~]+$/.test(url.trim()) ? t('model.urlWrong') : null),
      api_key: (key, values) =>
        key !== '' && !/^[!-~]+$/.test(key)
          ? t('model.keyWrong')
          : needsKey(agent.model, values)
            ? t('model.keyNeeded')
            : null,
    },
  });
  const values = form.getValues();
  const changed = modelChange(agent.model, values);

  const save = form.onSubmit(async (wanted) => {
    const model = modelChange(agent.model, wanted);
    if (!model) return;
    setError(null);
    try {
      await change({ model });
      notifyDone(t('saved'));
    } catch (thrown) {
      // The API names fields `model.temperature`.
      const errors = problemOf(thrown).errors ?? [];
      form.setErrors(Object.fromEntries(errors.map(({ field, message }) => [field.replace(/^model\./, ''), message])));
      if (errors.length === 0) setError(thrown);
    }
  });

  const instance = setup.data?.model;
  return (
    <form onSubmit={save}>
      <UnsavedGuard isDirty={changed !== null && !form.submitting} evenTabs />
      <Stack maw={760}>
        <Panel title={t('model.title')}>
          <Stack>
            <TextInput
              label={t('model.name')}
              description={
                instance
                  ? t(instance.offline ? 'model.offline' : 'model.nameOf', { name: instance.name })
                  : t('model.nameHint')
              }
              placeholder={instance && !instance.offline ? instance.name : undefined}
              maxLength={100}
              disabled={!mayChange}
              {...form.getInputProps('name')}
            />
            <SimpleGrid cols={{ base: 1, sm: 2 }}>
              <NumberInput
                label={t('model.temperature')}
                inputWrapperOrder={['label', 'input', 'description', 'error']}
                description={t('model.temperatureHint')}
                min={0}
                max={2}
                step={0.1}
                decimalScale={2}
                placeholder={t('model.instances')}
                disabled={!mayChange}
                {...form.getInputProps('temperature')}
              />
              <NumberInput
                label={t('model.output')}
                inputWrapperOrder={['label', 'input', 'description', 'error']}
                description={t('model.outputHint')}
                min={1}
                max={32_000}
                step={100}
                allowDecimal={false}
                placeholder={t('model.instances')}
                disabled={!mayChange}
                {...form.getInputProps('max_output_tokens')}
              />
            </SimpleGrid>
          </Stack>
        </Panel>
        <Panel title={t('model.service')}>
          <Switch
            label={t('model.own')}
            description={t('model.ownHint')}
            disabled={!mayChange}
            {...form.getInputProps('own', { type: 'checkbox' })}
          />
          <Collapse expanded={values.own}>
            <Stack mt="md">
              <TextInput
                label={t('model.url')}
                description={t('model.urlHint')}
                placeholder="https://api.openai.com/v1"
                dir="ltr"
                maxLength={2000}
                disabled={!mayChange}
                {...form.getInputProps('base_url')}
              />
              <PasswordInput
                label={t('model.key')}
                description={agent.model.has_api_key ? t('model.keyStored') : t('model.keyHint')}
                placeholder={agent.model.has_api_key && !values.dropKey ? '••••••••' : undefined}
                autoComplete="off"
                dir="ltr"
                maxLength={2000}
                disabled={!mayChange || values.dropKey}
                {...form.getInputProps('api_key')}
              />
              {agent.model.has_api_key && (
                <Checkbox
                  label={t('model.keyDrop')}
                  disabled={!mayChange}
                  {...form.getInputProps('dropKey', { type: 'checkbox' })}
                  onChange={(event) => {
                    form.setFieldValue('dropKey', event.currentTarget.checked);
                    form.setFieldValue('api_key', '');
                  }}
                />
              )}
            </Stack>
          </Collapse>
          {!values.own && agent.model.has_api_key && (
            <Alert color="orange" mt="md">
              {t('model.keyGoes')}
            </Alert>
          )}
        </Panel>
        <Failure error={error} />
        {mayChange ? (
          <Group justify="flex-end">
            {changed && (
              <Button variant="default" onClick={() => form.reset()}>
                {t('unsaved.discard')}
              </Button>
            )}
            <Button type="submit" loading={form.submitting} disabled={!changed}>
              {t('save')}
            </Button>
          </Group>
        ) : (
          <Text size="sm" c="var(--quiet)">
            {t('parts:notAllowed')}
          </Text>
        )}
      </Stack>
    </form>
  );
}
