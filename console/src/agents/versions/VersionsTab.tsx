import { Button, Center, Skeleton, Text, UnstyledButton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';

import { $api } from '~/api/client';
import { useAddress } from '~/parts/address';
import { Failure } from '~/parts/Failure';
import { paged } from '~/parts/PagedTable';
import { Ago } from '~/parts/time';

import { type Agent, type AgentVersion, getVersion } from '../queries';
import type { Draft } from '../draft';
import { VersionView } from './VersionView';
import classes from './Versions.module.css';

/** All that the agent ever was, who made it so and when; any of it can answer again. */
export function VersionsTab({ agent, draft }: { agent: Agent; draft: Draft }) {
  const { t } = useTranslation(['agents', 'parts']);
  const [address, setAddress] = useAddress('version');
  const list = $api.useInfiniteQuery(
    'get',
    '/api/v1/agents/{agent_id}/versions',
    { params: { path: { agent_id: agent.id }, query: { limit: 50 } } },
    paged,
  );
  const versions: AgentVersion[] = list.data?.pages.flatMap((page) => page.items) ?? [];
  const wanted = Number(address.version ?? agent.version);
  const shown = useVersion(agent.id, wanted, versions);
  const before = useVersion(agent.id, wanted - 1, versions);

  if (list.error) return <Failure error={list.error} />;
  if (list.isPending) return <Skeleton h={320} radius="lg" />;
  return (
    <div className={classes.columns}>
      <nav className={classes.list} aria-label={t('tabs.versions')}>
        {versions.map((version) => (
          <UnstyledButton
            key={version.version}
            className={classes.one}
            aria-current={version.version === wanted ? 'true' : undefined}
            onClick={() => setAddress({ version: String(version.version) })}
          >
            <span className={classes.head}>
              <Text size="sm" fw={600} span>
                {t('version', { version: version.version })}
              </Text>
              {version.version === agent.version && (
                <Text size="xs" span className={classes.now}>
                  {t('versions.now')}
                </Text>
              )}
            </span>
            <Text size="xs" c="var(--quiet)" span>
              <Ago at={version.created_at} span inherit /> · <Maker version={version} />
            </Text>
          </UnstyledButton>
        ))}
        {list.hasNextPage && (
          <Center py="xs">
            <Button size="xs" variant="default" onClick={() => list.fetchNextPage()} loading={list.isFetchingNextPage}>
              {t('parts:more')}
            </Button>
          </Center>
        )}
      </nav>
      {shown ? (
        <VersionView key={shown.version} agent={agent} version={shown} before={before} draft={draft} />
      ) : (
        <Skeleton h={320} radius="lg" />
      )}
    </div>
  );
}

/** Who made a version: a person or a key by name, or nobody but the gateway itself. */
export function Maker({ version }: { version: AgentVersion }) {
  const { t } = useTranslation('agents');
  return <span data-words>{version.created_by_name ?? version.created_by ?? t('versions.gateway')}</span>;
}

/** A version from the list, or by itself where the list has not come so far. */
function useVersion(agentId: string, number: number, loaded: AgentVersion[]): AgentVersion | undefined {
  const there = loaded.find((version) => version.version === number);
  const asked = useQuery({
    queryKey: ['agent-version', agentId, number],
    queryFn: ({ signal }) => getVersion(agentId, number, signal),
    enabled: !there && loaded.length > 0 && number >= 1,
    staleTime: Infinity,
    retry: false,
  });
  return there ?? asked.data;
}
