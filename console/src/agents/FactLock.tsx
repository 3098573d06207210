import { Radio, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import type { Schemas } from '~/api/client';
import { Failure, notifyDone } from '~/parts/Failure';
import { Panel } from '~/parts/Panel';
import { useMay } from '~/session';

import { useChangeAgent } from './agent';
import type { Agent } from './queries';

const MODES: Schemas['FactLockMode'][] = ['off', 'flag', 'enforce'];

/** What becomes of a reply that states what stands nowhere. A choice holds at once, as a new version. */
export function FactLock({ agent }: { agent: Agent }) {
  const { t } = useTranslation('agents');
  const mayChange = useMay('editor');
  const change = useChangeAgent(agent.id);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);

  const choose = async (mode: string) => {
    setBusy(true);
    setError(null);
    try {
      await change({ fact_lock: mode as Schemas['FactLockMode'] });
      notifyDone(t('saved'));
    } catch (thrown) {
      setError(thrown);
    } finally {
      setBusy(false);
    }
  };

  return (
    <Panel title={t('factLock.title')}>
      <Text size="sm" mb="md">
        {t('factLock.text')}
      </Text>
      <Radio.Group value={agent.fact_lock} onChange={choose} aria-label={t('factLock.title')}>
        <Stack gap="sm">
          {MODES.map((mode) => (
            <Radio
              key={mode}
              value={mode}
              disabled={!mayChange || busy}
              label={t(`factLock.${mode}.label`)}
              description={t(`factLock.${mode}.text`)}
            />
          ))}
        </Stack>
      </Radio.Group>
      <Failure error={error} />
    </Panel>
  );
}
