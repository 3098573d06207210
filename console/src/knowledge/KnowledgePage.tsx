import { Button, Select, SimpleGrid, Skeleton } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';

import { $api } from '~/api/client';
import { useAddress } from '~/parts/address';
import { Failure } from '~/parts/Failure';
import { Nothing } from '~/parts/Nothing';
import { Page } from '~/parts/Page';
import { Panel } from '~/parts/Panel';

import { AgentFiles } from './AgentFiles';
import { FindBox } from './FindBox';

const CHOSEN_AGENT = 'switchboard-knowledge-agent';

export function KnowledgePage() {
  const { t } = useTranslation(['knowledge', 'parts']);
  const [address, setAddress] = useAddress('agent');
  const agents = $api.useQuery('get', '/api/v1/agents', { params: { query: { limit: 100 } } });
  const all = agents.data?.items ?? [];
  // The one of the address, the one that was looked at last, or the newest.
  const wanted = address.agent ?? sessionStorage.getItem(CHOSEN_AGENT);
  const agent = all.find((one) => one.id === wanted) ?? all[0];

  const choose = (id: string | null) => {
    if (!id) return;
    sessionStorage.setItem(CHOSEN_AGENT, id);
    setAddress({ agent: id });
  };

  return (
    <Page
      title={t('title')}
      lead={t('lead')}
      wide
      actions={
        all.length > 0 && (
          <Select
            label={t('agent')}
            searchable={all.length > 7}
            allowDeselect={false}
            value={agent?.id ?? null}
            onChange={choose}
            data={all.map((one) => ({ value: one.id, label: one.name }))}
            w={260}
          />
        )
      }
    >
      <Failure error={agents.error} />
      {agents.isPending && <Skeleton h={240} radius="lg" />}
      {agents.data && !agent && (
        <Panel>
          <Nothing
            {...t('noAgent', { returnObjects: true })}
            action={
              <Button mt="sm" component={Link} to="/agents">
                {t('toAgents')}
              </Button>
            }
          />
        </Panel>
      )}
      {agent && (
        <SimpleGrid cols={{ base: 1, lg: 2 }} spacing="lg" key={agent.id} style={{ alignItems: 'start' }}>
          <AgentFiles agent={agent} />
          <FindBox agentId={agent.id} />
        </SimpleGrid>
      )}
    </Page>
  );
}
