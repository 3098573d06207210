import { Group, SegmentedControl, Skeleton, Table, Text } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { useQueryClient } from '@tanstack/react-query';
import { lazy, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';

import { api, ok } from '~/api/client';
import { ConfirmButton } from '~/parts/ConfirmButton';
import { notifyDone } from '~/parts/Failure';
import { Panel } from '~/parts/Panel';
import { dateTime } from '~/parts/time';
import { useMay } from '~/session';

import { useRefreshAgents } from '../agent';
import type { Agent, AgentVersion } from '../queries';
import type { Draft } from '../draft';
import { useEditorWords } from '../editor/words';
import { settingsThatDiffer } from './settings';
import { Maker } from './VersionsTab';
import classes from './Versions.module.css';

const Differences = lazy(() => import('../editor/Differences'));

type Against = 'before' | 'now' | 'none';

/** One version: what it changed, or what has changed since. */
export function VersionView({
  agent,
  version,
  before,
  draft,
}: {
  agent: Agent;
  version: AgentVersion;
  before: AgentVersion | undefined;
  draft: Draft;
}) {
  const { t } = useTranslation(['agents', 'parts']);
  const mayChange = useMay('editor');
  const refresh = useRefreshAgents();
  const queryClient = useQueryClient();
  const { phrases } = useEditorWords();
  const inOne = useMediaQuery('(max-width: 75em)') ?? false;
  const isNow = version.version === agent.version;
  const [chosen, setAgainst] = useState<Against | null>(null);
  const against = chosen ?? (before ? 'before' : 'none');

  const [old, young] = against === 'now' ? [version, agent] : [before ?? version, version];
  const settings = against === 'none' ? [] : settingsThatDiffer(old, young);
  const isSame = old.instructions === young.instructions;
  const oldLabel = t('version', { version: old.version });
  const youngLabel = t('version', { version: young.version });

  const restore = async () => {
    const params = { path: { agent_id: agent.id, version: version.version } };
    await ok(api.POST('/api/v1/agents/{agent_id}/versions/{version}/restore', { params }));
    await queryClient.invalidateQueries({ queryKey: ['get', '/api/v1/agents/{agent_id}'] });
    await refresh();
    notifyDone(t('versions.restored', { version: version.version }));
  };

  return (
    <Panel
      p={0}
      className={classes.view}
      title={
        <span className={classes.title}>
          {t('version', { version: version.version })}
          <Text size="sm" fw={400} c="var(--quiet)" span>
            {dateTime(version.created_at)} · <Maker version={version} />
          </Text>
        </span>
      }
      actions={
        <Group gap="xs" className={classes.actions}>
          <SegmentedControl
            size="xs"
            value={against}
            onChange={(to) => setAgainst(to as Against)}
            data={[
              ...(before ? [{ value: 'before', label: t('versions.changed') }] : []),
              ...(isNow ? [] : [{ value: 'now', label: t('versions.since') }]),
              { value: 'none', label: t('versions.whole') },
            ]}
          />
          {mayChange && !isNow && (
            <ConfirmButton
              size="xs"
              title={t('versions.restore')}
              question={
                <>
                  {t('versions.restoreQuestion', { version: version.version })}
                  {draft.isDirty && (
                    <Text size="sm" mt="sm" fw={600}>
                      {t('versions.restoreUnsaved')}
                    </Text>
                  )}
                </>
              }
              confirm={t('versions.restore')}
              action={restore}
            >
              {t('versions.restore')}
            </ConfirmButton>
          )}
        </Group>
      }
    >
      {settings.length > 0 && (
        <Table className={classes.settings} verticalSpacing={6} aria-label={t('versions.settings')}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t('versions.setting')}</Table.Th>
              <Table.Th>{oldLabel}</Table.Th>
              <Table.Th>{youngLabel}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {settings.map(({ name, before: was, after }) => (
              <Table.Tr key={name}>
                <Table.Td>{t(`versions.names.${name}`)}</Table.Td>
                <Table.Td data-words>{was ?? '–'}</Table.Td>
                <Table.Td data-words>{after ?? '–'}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      )}
      {against === 'none' ? (
        <div className={classes.whole} data-words>
          {version.instructions}
        </div>
      ) : isSame ? (
        <Text size="sm" c="var(--quiet)" px="lg" pb="lg">
          {settings.length > 0 ? t('versions.sameText') : t('versions.same')}
        </Text>
      ) : (
        <>
          {!inOne && (
            <div className={classes.labels}>
              <Text size="xs" fw={600} c="var(--quiet)">
                {oldLabel}
              </Text>
              <Text size="xs" fw={600} c="var(--quiet)">
                {youngLabel}
              </Text>
            </div>
          )}
          <div className={classes.differences}>
            <Suspense fallback={<Skeleton h={240} m="lg" />}>
              <Differences
                before={old.instructions}
                after={young.instructions}
                oldLabel={oldLabel}
                youngLabel={youngLabel}
                phrases={phrases}
                inOne={inOne}
              />
            </Suspense>
          </div>
        </>
      )}
    </Panel>
  );
}
