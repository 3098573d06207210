import { Stack, Switch, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';

import type { Schemas } from '~/api/client';
import { AgentSelect } from '~/parts/AgentSelect';
import { AnchorLink } from '~/parts/links';
import { Panel } from '~/parts/Panel';
import { useMay } from '~/session';
import { useSwitchNumber } from '../useNumber';

/** Who answers on the number, and whether anybody does. */
export function AnswerPanel({ number }: { number: Schemas['Number'] }) {
  const { t } = useTranslation(['numbers', 'parts']);
  const isAdmin = useMay();
  const change = useSwitchNumber(number.id);
  return (
    <Panel title={t('answers.title')}>
      <Stack>
        <Switch
          label={t(`mode.${number.mode}`)}
          description={t(`modeHint.${number.mode}`)}
          checked={number.mode === 'active'}
          disabled={!isAdmin}
          onChange={(event) => void change({ mode: event.currentTarget.checked ? 'active' : 'inactive' })}
        />
        <AgentSelect
          label={t('agent')}
          placeholder={t('defaultAgent')}
          description={number.agent_id ? undefined : t('answers.default')}
          value={number.agent_id ?? null}
          disabled={!isAdmin}
          onChange={(agent_id) => void change({ agent_id })}
        />
        {number.agent_id && (
          <AnchorLink to="/agents/$agentId" params={{ agentId: number.agent_id }} size="sm">
            {t('answers.open')}
          </AnchorLink>
        )}
        {!isAdmin && (
          <Text size="sm" c="var(--quiet)">
            {t('parts:notAllowed')}
          </Text>
        )}
      </Stack>
    </Panel>
  );
}
