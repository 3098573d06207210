import { Button, Group, Stack, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import type { Schemas } from '~/api/client';
import { AgentSelect } from '~/parts/AgentSelect';
import { Failure, notifyDone } from '~/parts/Failure';
import { placeErrors } from '~/parts/fields';
import { Panel } from '~/parts/Panel';
import { useUpdateWorkspace } from './useUpdateWorkspace';

/** What the workspace is called, and who answers where nobody else was chosen. */
export function WorkspacePanel({ workspace }: { workspace: Schemas['Workspace'] }) {
  const { t } = useTranslation(['settings', 'parts']);
  const update = useUpdateWorkspace(workspace.id);
  const [error, setError] = useState<unknown>(null);
  const form = useForm({
    initialValues: { name: workspace.name, default_agent_id: workspace.default_agent_id ?? null },
  });
  const save = form.onSubmit(async ({ name, default_agent_id }) => {
    setError(null);
    try {
      await update({ name: name.trim(), default_agent_id });
      form.resetDirty();
      notifyDone(t('saved'));
    } catch (thrown) {
      if (!placeErrors(form, thrown)) setError(thrown);
    }
  });
  return (
    <Panel title={t('workspace.title')}>
      <form onSubmit={save}>
        <Stack>
          <TextInput
            label={t('workspace.name')}
            required
            maxLength={100}
            {...form.getInputProps('name')}
          />
          <AgentSelect
            label={t('workspace.agent')}
            description={t('workspace.agentHint')}
            placeholder={t('workspace.noAgent')}
            {...form.getInputProps('default_agent_id')}
          />
          <Failure error={error} />
          <Group justify="flex-end">
            <Button type="submit" loading={form.submitting} disabled={!form.isDirty()}>
              {t('parts:save')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Panel>
  );
}
