import { Badge, Button, Group, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconPlus } from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';

import { $api } from '~/api/client';
import { AnchorLink } from '~/parts/links';
import { count } from '~/parts/numbers';
import { Page } from '~/parts/Page';
import { paged, PagedTable } from '~/parts/PagedTable';
import { Panel } from '~/parts/Panel';
import { Ago } from '~/parts/time';
import { useMay } from '~/session';

import { useLiveAgents } from './agent';
import type { Agent } from './queries';
import { Mode } from './Mode';
import { NewAgent } from './NewAgent';

export function AgentsPage() {
  const { t } = useTranslation(['agents', 'parts']);
  const navigate = useNavigate();
  const mayChange = useMay('editor');
  const [opened, { open, close }] = useDisclosure();
  const agents = $api.useInfiniteQuery('get', '/api/v1/agents', { params: { query: {} } }, paged);
  useLiveAgents();

  const add = mayChange && (
    <Button leftSection={<IconPlus size={18} />} onClick={open}>
      {t('create')}
    </Button>
  );

  return (
    <Page title={t('title')} lead={t('lead')} actions={add}>
      <Panel p={0}>
        <PagedTable<Agent>
          label={t('title')}
          query={agents}
          empty={{ ...t('empty', { returnObjects: true }), action: add }}
          onRow={(agent) => navigate({ to: '/agents/$agentId', params: { agentId: agent.id } })}
          columns={[
            {
              head: t('name'),
              cell: (agent) => (
                <div style={{ minWidth: 180, maxWidth: 420 }}>
                  <AnchorLink
                    to="/agents/$agentId"
                    params={{ agentId: agent.id }}
                    size="sm"
                    fw={600}
                    c="var(--mantine-color-text)"
                    data-words
                    onClick={(event) => event.stopPropagation()}
                  >
                    {agent.name}
                  </AnchorLink>
                  <Text size="xs" c="var(--quiet)" lineClamp={1} data-words>
                    {agent.instructions.replace(/\s+/g, ' ')}
                  </Text>
                </div>
              ),
            },
            { head: t('status'), cell: (agent) => <Mode mode={agent.mode} /> },
            { head: t('answersOn'), cell: (agent) => <Numbers agent={agent} />, wideOnly: true },
            {
              head: t('knowledge'),
              cell: (agent) =>
                agent.knowledge_files === undefined ? (
                  <Text size="sm" c="var(--quiet)">
                    –
                  </Text>
                ) : (
                  <Text size="sm">
                    {t('files', { count: agent.knowledge_files, number: count(agent.knowledge_files) })}
                  </Text>
                ),
              wideOnly: true,
            },
            {
              head: t('changed'),
              cell: (agent) => (
                <>
                  <Ago at={agent.updated_at} size="sm" />
                  <Text size="xs" c="var(--quiet)">
                    {t('version', { version: agent.version })}
                  </Text>
                </>
              ),
            },
          ]}
        />
      </Panel>
      {opened && <NewAgent onClose={close} />}
    </Page>
  );
}

function Numbers({ agent }: { agent: Agent }) {
  const { t } = useTranslation('agents');
  if (!agent.numbers || agent.numbers.length === 0) {
    return (
      <Text size="sm" c="var(--quiet)">
        {agent.numbers ? t('noNumber') : '–'}
      </Text>
    );
  }
  return (
    <Group gap={4}>
      {agent.numbers.slice(0, 3).map((number) => (
        <Badge key={number.id} variant="default" tt="none" fw={500}>
          {number.display_name ?? number.id}
        </Badge>
      ))}
      {agent.numbers.length > 3 && <Text size="xs">+{count(agent.numbers.length - 3)}</Text>}
    </Group>
  );
}
