import { Group, Modal, Radio, Stack, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { api, ok } from '~/api/client';
import { FormFoot } from '~/parts/FormFoot';
import { placeErrors } from '~/parts/fields';

import { useRefreshAgents } from './agent';
import classes from './NewAgent.module.css';

const STARTS = ['answers', 'orders', 'sorts', 'blank'] as const;

/** Makes an agent with a text to begin with, and goes to it. */
export function NewAgent({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation(['agents', 'parts']);
  const navigate = useNavigate();
  const refresh = useRefreshAgents();
  const [error, setError] = useState<unknown>(null);
  const form = useForm({
    initialValues: { name: '', business: '', start: 'answers' as (typeof STARTS)[number] },
    validate: { name: (name) => (name.trim() ? null : t('new.nameMissing')) },
  });

  const create = form.onSubmit(async ({ name, business, start }) => {
    setError(null);
    const instructions = t(`start.${start}.text`, { business: business.trim() || name.trim() });
    try {
      const made = await ok(api.POST('/api/v1/agents', { body: { name: name.trim(), instructions } }));
      void refresh();
      await navigate({ to: '/agents/$agentId', params: { agentId: made.id } });
    } catch (thrown) {
      if (!placeErrors(form, thrown)) setError(thrown);
    }
  });

  return (
    <Modal opened onClose={onClose} title={t('create')} size="lg">
      <form onSubmit={create}>
        <Stack>
          <Group grow align="flex-start">
            <TextInput
              label={t('name')}
              placeholder={t('new.namePlaceholder')}
              required
              maxLength={100}
              data-autofocus
              {...form.getInputProps('name')}
            />
            <TextInput
              label={t('new.business')}
              placeholder={t('new.businessPlaceholder')}
              maxLength={100}
              {...form.getInputProps('business')}
            />
          </Group>
          <Radio.Group label={t('new.start')} description={t('new.startHint')} {...form.getInputProps('start')}>
            <div className={classes.starts}>
              {STARTS.map((start) => (
                <Radio.Card key={start} value={start} className={classes.start}>
                  <Group wrap="nowrap" align="flex-start" gap="sm">
                    <Radio.Indicator mt={2} />
                    <div>
                      <Text size="sm" fw={600}>
                        {t(`start.${start}.title`)}
                      </Text>
                      <Text size="xs" c="var(--quiet)">
                        {t(`start.${start}.about`)}
                      </Text>
                    </div>
                  </Group>
                </Radio.Card>
              ))}
            </div>
          </Radio.Group>
          <FormFoot error={error} isSending={form.submitting} submit={t('create')} onCancel={onClose} />
        </Stack>
      </form>
    </Modal>
  );
}
