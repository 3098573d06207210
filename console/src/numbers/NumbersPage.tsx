import { Badge, Button, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconPlus } from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';

import { $api, type Schemas } from '~/api/client';
import { useAgents } from '~/parts/AgentSelect';
import { AnchorLink } from '~/parts/links';
import { Page } from '~/parts/Page';
import { paged, PagedTable } from '~/parts/PagedTable';
import { Panel } from '~/parts/Panel';
import { Ago } from '~/parts/time';
import { useMay } from '~/session';
import { HealthStatus } from './HealthStatus';
import { NewNumber } from './NewNumber';
import { nameOf, useLiveNumbers } from './useNumber';

type WhatsAppNumber = Schemas['Number'];

export function NumbersPage() {
  const { t } = useTranslation(['numbers', 'parts']);
  const navigate = useNavigate();
  const isAdmin = useMay();
  const [adding, { open, close }] = useDisclosure();
  const numbers = $api.useInfiniteQuery('get', '/api/v1/numbers', { params: { query: {} } }, paged);
  const agents = new Map(useAgents().map((agent) => [agent.id, agent.name]));
  useLiveNumbers();

  const show = (id: string) => navigate({ to: '/numbers/$numberId', params: { numberId: id } });
  const add = isAdmin && (
    <Button leftSection={<IconPlus size={18} />} onClick={open}>
      {t('add')}
    </Button>
  );

  return (
    <Page title={t('title')} lead={t('lead')} actions={add}>
      <Panel p={0}>
        <PagedTable
          label={t('title')}
          query={numbers}
          empty={{ title: t('empty.title'), text: t('empty.text'), action: add }}
          onRow={(number) => void show(number.id)}
          columns={[
            { head: t('number'), cell: (number) => <Name number={number} /> },
            { head: t('health'), cell: (number) => <Condition number={number} /> },
            {
              head: t('agent'),
              cell: (number) =>
                (number.agent_id && agents.get(number.agent_id)) || (
                  <Text size="sm" c="var(--quiet)">
                    {t('defaultAgent')}
                  </Text>
                ),
            },
            { head: t('lastUsed'), cell: (number) => <Ago at={number.last_interaction_at} size="sm" />, wideOnly: true },
          ]}
        />
      </Panel>
      {adding && <NewNumber onClose={close} onMade={(number) => void show(number.id)} />}
    </Page>
  );
}

function Name({ number }: { number: WhatsAppNumber }) {
  const { t } = useTranslation('numbers');
  return (
    <>
      <AnchorLink
        to="/numbers/$numberId"
        params={{ numberId: number.id }}
        c="inherit"
        fw={600}
        onClick={(event) => event.stopPropagation()}
      >
        <bdi>{nameOf(number)}</bdi>
      </AnchorLink>
      {number.mode === 'inactive' && (
        <Badge color="gray" variant="default" ms="xs" size="sm">
          {t('mode.inactive')}
        </Badge>
      )}
      <Text size="sm" c="var(--quiet)">
        <bdi>{number.display_phone_number ?? number.phone_number_id}</bdi>
      </Text>
    </>
  );
}

/** How it is and, where something is wrong, the sentence that says what to do. */
function Condition({ number }: { number: WhatsAppNumber }) {
  return (
    <>
      <HealthStatus status={number.health.status} />
      {number.health.status !== 'ok' && number.health.status !== 'unknown' && (
        <Text size="sm" c="var(--quiet)" maw={420} lineClamp={2}>
          {number.health.message}
        </Text>
      )}
    </>
  );
}
