import { Alert, Button, Code, Group, Stack, Text, Textarea, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { IconInfoCircle } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Trans, useTranslation } from 'react-i18next';

import { api, ok } from '~/api/client';
import { useNumbersChanged } from '~/numbers/useNumber';
import { Failure } from '~/parts/Failure';
import { placeErrors } from '~/parts/fields';
import { AnchorLink } from '~/parts/links';
import type { Setup } from '../queries';

/** The agent: its name and what it is told, with words to begin from. */
export function AgentStep({ setup }: { setup: Setup }) {
  const { t } = useTranslation('setup');
  return (
    <Stack>
      {setup.agent ? (
        <Text>
          {t('agent.there', { name: setup.agent.name })}{' '}
          <AnchorLink to="/agents/$agentId" params={{ agentId: setup.agent.id }} underline="always">
            {t('agent.open')}
          </AnchorLink>
        </Text>
      ) : (
        <NewAgent numberId={setup.number?.id} />
      )}
      {setup.model.offline && (
        <Alert color="blue" variant="default" icon={<IconInfoCircle size={18} />} title={t('agent.offline.title')}>
          <Trans t={t} i18nKey="agent.offline.text" components={{ c: <Code /> }} />
        </Alert>
      )}
    </Stack>
  );
}

function NewAgent({ numberId }: { numberId?: string }) {
  const { t } = useTranslation('setup');
  const queryClient = useQueryClient();
  const numbersChanged = useNumbersChanged();
  const [error, setError] = useState<unknown>(null);
  const form = useForm({ initialValues: { name: '', instructions: t('agent.example') } });

  const create = form.onSubmit(async (values) => {
    setError(null);
    try {
      const agent = await ok(api.POST('/api/v1/agents', { body: values }));
      if (numberId) {
        const params = { path: { number_id: numberId } };
        await ok(api.PATCH('/api/v1/numbers/{number_id}', { params, body: { agent_id: agent.id } }));
      }
      await queryClient.invalidateQueries({ queryKey: ['get', '/api/v1/agents'] });
      await numbersChanged();
    } catch (thrown) {
      if (!placeErrors(form, thrown)) setError(thrown);
    }
  });

  return (
    <form onSubmit={create}>
      <Stack>
        <Text>{t('agent.text')}</Text>
        <TextInput
          label={t('agent.name')}
          placeholder={t('agent.namePlaceholder')}
          required
          maxLength={100}
          {...form.getInputProps('name')}
        />
        <Textarea
          label={t('agent.instructions')}
          description={t('agent.instructionsHint')}
          required
          autosize
          minRows={6}
          maxRows={16}
          {...form.getInputProps('instructions')}
        />
        <Failure error={error} />
        <Group justify="flex-end">
          <Button type="submit" loading={form.submitting}>
            {t('agent.make')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
