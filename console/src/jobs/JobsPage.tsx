import { Button, Group, Stack, Text } from '@mantine/core';
import { IconRefresh } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';

import { $api, api, ok, type Schemas } from '~/api/client';
import { oneOf, useAddress } from '~/parts/address';
import { Choice } from '~/parts/Choice';
import { ConfirmButton } from '~/parts/ConfirmButton';
import { notifyDone, notifyFailure } from '~/parts/Failure';
import { Page } from '~/parts/Page';
import { paged, PagedTable } from '~/parts/PagedTable';
import { Panel } from '~/parts/Panel';
import { BAD_WORDS, Tag, type Tone } from '~/parts/Tag';
import { Ago } from '~/parts/time';
import { useMay } from '~/session';
import { type JobStatus, QUEUES, retryAllDead } from './queries';
import { kindName, KINDS } from './kinds';
import { QueueHealth } from './QueueHealth';
import { Subject } from './Subject';

const STATUSES: JobStatus[] = ['waiting', 'running', 'dead'];
const TONES: Record<JobStatus, Tone> = { waiting: 'plain', running: 'new', dead: 'bad' };

export function JobsPage() {
  const { t } = useTranslation(['jobs', 'parts']);
  const queryClient = useQueryClient();
  const may = useMay();
  const [address, setAddress] = useAddress('status', 'kind');
  const status = oneOf(STATUSES, address.status);
  const kind = oneOf(KINDS, address.kind);
  const jobs = $api.useInfiniteQuery(
    'get',
    '/api/v1/jobs',
    { params: { query: { status, kind, limit: 50 } } },
    paged,
  );
  const someDead = jobs.data?.pages.some((page) => page.items.some((job) => job.status === 'dead'));

  const refresh = () =>
    Promise.all([
      queryClient.invalidateQueries({ queryKey: ['get', '/api/v1/jobs'] }),
      queryClient.invalidateQueries({ queryKey: QUEUES }),
    ]);
  const retry = async (id: string) => {
    try {
      await ok(api.POST('/api/v1/jobs/{job_id}/retry', { params: { path: { job_id: id } } }));
      notifyDone(t('retry.done'));
      await refresh();
    } catch (error) {
      notifyFailure(error);
    }
  };
  const retryAll = async () => {
    const { retried } = await retryAllDead();
    notifyDone(t('retry.allDone', { count: retried }));
    await refresh();
  };

  return (
    <Page
      wide
      title={t('title')}
      lead={t('lead')}
      actions={
        <Button variant="default" leftSection={<IconRefresh size={18} />} onClick={refresh}>
          {t('refresh')}
        </Button>
      }
    >
      <Stack gap="xl">
        <QueueHealth />
        <div>
          <Group mb="md" gap="sm" align="flex-end">
            <Choice
              label={t('status.label')}
              options={STATUSES.map((value) => ({ value, label: t(`status.${value}`) }))}
              value={status}
              onChange={(chosen) => setAddress({ status: chosen })}
            />
            <Choice
              label={t('kind.label')}
              options={KINDS.map((value) => ({ value, label: t(`kind.${value}`) }))}
              value={kind}
              onChange={(chosen) => setAddress({ kind: chosen })}
              width={240}
            />
            {someDead && (
              <ConfirmButton
                ms="auto"
                title={t('retry.all')}
                question={t('retry.allQuestion')}
                confirm={t('retry.all')}
                action={retryAll}
                disabled={!may}
              >
                {t('retry.all')}
              </ConfirmButton>
            )}
          </Group>
          {!may && someDead && (
            <Text size="sm" c="var(--quiet)" mb="sm">
              {t('retry.adminsOnly')}
            </Text>
          )}
          <Panel p={0}>
            <PagedTable
              label={t('title')}
              query={jobs}
              empty={t(status || kind ? 'noneFound' : 'empty', { returnObjects: true })}
              columns={[
                { head: t('kind.label'), width: 190, cell: (job) => <Text fw={600} size="sm">{kindName(t, job.kind)}</Text> },
                {
                  head: t('status.label'),
                  width: 130,
                  cell: (job) => <Tag tone={TONES[job.status]}>{t(`status.${job.status}`)}</Tag>,
                },
                { head: t('about'), width: 140, cell: (job) => <Subject id={job.subject} /> },
                { head: t('tries'), cell: (job) => <Tries job={job} /> },
                { head: t('due'), width: 150, cell: (job) => <Ago at={job.due_at} size="sm" /> },
                {
                  head: t('parts:actions'),
                  width: 130,
                  cell: (job) =>
                    job.status === 'dead' && (
                      <Button size="xs" variant="default" disabled={!may} onClick={() => retry(job.id)}>
                        {t('retry.one')}
                      </Button>
                    ),
                },
              ]}
            />
          </Panel>
        </div>
      </Stack>
    </Page>
  );
}

function Tries({ job }: { job: Schemas['Job'] }) {
  const { t } = useTranslation('jobs');
  return (
    <>
      <Text size="sm" c={job.failures > 0 ? undefined : 'var(--quiet)'}>
        {job.failures > 0 ? t('failures', { count: job.failures }) : t('noFailures')}
      </Text>
      {job.last_error && (
        <Text size="sm" c={BAD_WORDS} data-words>
          {job.last_error}
        </Text>
      )}
    </>
  );
}
