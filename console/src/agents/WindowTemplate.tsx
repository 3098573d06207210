import { Alert, Box, Button, Group, Select, Stack, Text, TextInput } from '@mantine/core';
import { IconUser } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { $api, type Schemas } from '~/api/client';
import { Failure, notifyDone } from '~/parts/Failure';
import { Panel } from '~/parts/Panel';
import { useMay } from '~/session';
import { Bubble } from '~/templates/Bubble';
import { namesIn, partsOf } from '~/templates/parts';

import { useChangeAgent } from './agent';
import type { Agent } from './queries';
import { UnsavedGuard } from './UnsavedGuard';

/** The gateway puts the customer's name in its place. */
const CONTACT_NAME = '{{contact_name}}';

const keyOf = (template: { name: string; language: string }) => `${template.name}|${template.language}`;

/** Only variables of the body are filled, so that nothing else may want filling. */
export function canBeLate(template: Schemas['Template']): boolean {
  const parts = partsOf(template.components);
  const header = parts.header;
  const isHeaderFixed = !header || (header.format === 'TEXT' && namesIn(header.text ?? '').length === 0);
  const areButtonsFixed = parts.buttons.every(
    (button) => !['COPY_CODE', 'OTP', 'MPM', 'SPM'].includes(button.type) && !button.url?.includes('{{'),
  );
  return isHeaderFixed && areButtonsFixed && parts.others.length === 0 && template.parameter_format !== 'named';
}

/** What is sent in place of a reply that came after the customer's window had closed. */
export function WindowTemplate({ agent }: { agent: Agent }) {
  return <WindowTemplateForm key={JSON.stringify(agent.window_template)} agent={agent} />;
}

function WindowTemplateForm({ agent }: { agent: Agent }) {
  const { t } = useTranslation(['agents', 'parts']);
  const mayChange = useMay('editor');
  const change = useChangeAgent(agent.id);
  const stored = agent.window_template ?? null;
  const [chosen, setChosen] = useState(stored ? keyOf(stored) : null);
  const [parameters, setParameters] = useState<string[]>(stored?.parameters ?? []);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const templates = $api.useQuery('get', '/api/v1/templates', {
    params: { query: { status: 'APPROVED', number_id: agent.numbers?.[0]?.id, limit: 100 } },
  });
  const fitting = (templates.data?.items ?? []).filter(canBeLate);
  const template = fitting.find((one) => keyOf(one) === chosen);
  const body = template ? (partsOf(template.components).body ?? '') : '';
  const names = namesIn(body);
  const samples = Object.fromEntries(names.map((name, at) => [name, parameters[at] ?? '']));
  const isWhole = names.every((_, at) => parameters[at]?.trim());

  const wanted = chosen
    ? { name: chosen.split('|')[0]!, language: chosen.split('|')[1]!, parameters: template ? names.map((_, at) => parameters[at] ?? '') : parameters }
    : null;
  const isChanged = JSON.stringify(wanted) !== JSON.stringify(stored && { name: stored.name, language: stored.language, parameters: stored.parameters ?? [] });

  const set = (at: number, value: string) => setParameters((before) => names.map((_, other) => (other === at ? value : (before[other] ?? ''))));
  const save = async () => {
    setBusy(true);
    setError(null);
    try {
      await change({ window_template: wanted });
      notifyDone(t('saved'));
    } catch (thrown) {
      setError(thrown);
    } finally {
      setBusy(false);
    }
  };

  return (
    <Panel title={t('late.title')}>
      <UnsavedGuard isDirty={isChanged && !busy} evenTabs />
      <Text size="sm" mb="md">
        {t('late.text')}
      </Text>
      <Stack>
        <Select
          label={t('late.template')}
          placeholder={t('late.none')}
          clearable
          searchable
          disabled={!mayChange}
          value={chosen}
          onChange={(value) => {
            setChosen(value);
            setParameters([]);
          }}
          nothingFoundMessage={t('late.noneFit')}
          data={[
            ...fitting.map((one) => ({ value: keyOf(one), label: `${one.name} · ${one.language}` })),
            // The chosen one may be gone, or paused.
            ...(chosen && !template ? [{ value: chosen, label: chosen.replace('|', ' · ') }] : []),
          ]}
        />
        {chosen && !template && templates.data && <Alert color="orange">{t('late.gone')}</Alert>}
        {names.map((name, at) => (
          <TextInput
            key={name}
            label={t('late.variable', { name })}
            value={parameters[at] ?? ''}
            onChange={(event) => set(at, event.currentTarget.value)}
            maxLength={1024}
            required
            disabled={!mayChange}
            rightSectionWidth={100}
            rightSection={
              mayChange && (
                <Button
                  size="compact-xs"
                  variant="subtle"
                  leftSection={<IconUser size={13} />}
                  onClick={() => set(at, `${parameters[at] ?? ''}${CONTACT_NAME}`)}
                >
                  {t('late.contact')}
                </Button>
              )
            }
          />
        ))}
        {template && (
          <Box>
            <Bubble components={template.components} samples={samples} />
          </Box>
        )}
        <Failure error={error ?? templates.error} />
        {mayChange && (
          <Group justify="flex-end">
            <Button onClick={save} loading={busy} disabled={!isChanged || (chosen !== null && !isWhole)}>
              {t('save')}
            </Button>
          </Group>
        )}
      </Stack>
    </Panel>
  );
}
