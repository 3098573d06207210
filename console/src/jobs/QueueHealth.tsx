import { Anchor, Group, SimpleGrid, Skeleton, Table, Text, Title } from '@mantine/core';
import { IconAlertTriangle, IconCheck, IconClock } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

import { Failure } from '~/parts/Failure';
import { useFreshen } from '~/parts/freshen';
import { count } from '~/parts/numbers';
import { Panel } from '~/parts/Panel';
import { BAD_WORDS } from '~/parts/Tag';
import { duration, useNow } from '~/parts/time';
import { type Queues, QUEUES, useQueues } from './queries';
import { kindName } from './kinds';
import { lateness, type Level } from './lateness';
import classes from './jobs.module.css';

/** Whether work keeps up: what waits and for how long, what was given up. */
export function QueueHealth({ heading }: { /** Said above it, where it stands among other things. */ heading?: string }) {
  const { t } = useTranslation('jobs');
  const { data, dataUpdatedAt, error, isPending } = useQueues();
  // Whatever happens with messages moves the queues.
  useFreshen('message', QUEUES, { everyMs: 5000 });
  return (
    <section aria-label={t('health.title')}>
      {heading && (
        <Title order={2} size="h4" mb="md">
          {heading}
        </Title>
      )}
      <Failure error={error} />
      {isPending && (
        <SimpleGrid cols={{ base: 2, sm: 3, xl: 5 }} spacing="md">
          {[0, 1, 2, 3, 4].map((card) => (
            <Skeleton key={card} h={104} radius="lg" />
          ))}
        </SimpleGrid>
      )}
      {data && <Cards queues={data} at={dataUpdatedAt} />}
      {data && <Kinds jobs={data.jobs} at={dataUpdatedAt} />}
    </section>
  );
}

function Cards({ queues, at }: { queues: Queues; /** When it was so. */ at: number }) {
  const { t } = useTranslation('jobs');
  const now = Math.max(useNow(), at);
  const { events, jobs, unsettled, held_numbers, tasks_open } = queues;
  const dead = jobs.reduce((sum, kind) => sum + kind.dead, 0);
  const late = lateness(events.oldest_at, now);
  const oldest = late.ms < 1000 ? t('health.fresh') : t('health.oldest', { time: duration(late.ms) });
  const waits = events.waiting > 0 ? oldest : t('health.noneWaits');
  return (
    <SimpleGrid cols={{ base: 1, xs: 2, md: 3, xl: 5 }} spacing="md">
      <Card
        level={events.failed > 0 ? 'bad' : late.level}
        title={t('health.events')}
        value={count(events.waiting)}
        note={waits}
        link={
          events.failed > 0 && (
            <Anchor component={Link} to="/events" search={{ status: 'failed' } as never} size="sm">
              {t('health.failed', { count: events.failed })}
            </Anchor>
          )
        }
      />
      <Card
        level={dead > 0 ? 'bad' : 'good'}
        title={t('health.dead')}
        value={count(dead)}
        note={t(dead > 0 ? 'health.deadText' : 'health.noneDead')}
        link={
          dead > 0 && (
            <Anchor component={Link} to="/jobs" search={{ status: 'dead' } as never} size="sm">
              {t('health.show')}
            </Anchor>
          )
        }
      />
      <Card
        level={unsettled > 0 ? 'waits' : 'good'}
        title={t('health.unsettled')}
        value={count(unsettled)}
        note={t(unsettled > 0 ? 'health.unsettledText' : 'health.noneUnsettled')}
      />
      <Card
        level={held_numbers > 0 ? 'bad' : 'good'}
        title={t('health.held')}
        value={count(held_numbers)}
        note={t(held_numbers > 0 ? 'health.heldText' : 'health.noneHeld')}
        link={
          held_numbers > 0 && (
            <Anchor component={Link} to="/numbers" size="sm">
              {t('health.show')}
            </Anchor>
          )
        }
      />
      <Card
        level={tasks_open > 0 ? 'waits' : 'good'}
        title={t('health.tasks')}
        value={count(tasks_open)}
        note={t(tasks_open > 0 ? 'health.tasksText' : 'health.noTasks')}
        link={
          tasks_open > 0 && (
            <Anchor component={Link} to="/inbox" search={{ show: 'tasks' } as never} size="sm">
              {t('health.show')}
            </Anchor>
          )
        }
      />
    </SimpleGrid>
  );
}

const ICONS = { good: IconCheck, waits: IconClock, bad: IconAlertTriangle };

function Card({
  level,
  title,
  value,
  note,
  link,
}: {
  level: Level;
  title: string;
  value: string;
  note: string;
  link?: ReactNode;
}) {
  const { t } = useTranslation('jobs');
  const Icon = ICONS[level];
  return (
    <div className={classes.card} data-level={level}>
      <Group justify="space-between" wrap="nowrap" gap="xs">
        <Text size="sm" fw={600}>
          {title}
        </Text>
        <span className={classes.level} role="img" aria-label={t(`health.level.${level}`)}>
          <Icon size={16} aria-hidden />
        </span>
      </Group>
      <Text className={classes.value}>{value}</Text>
      <Text size="sm" c="var(--quiet)">
        {note}
      </Text>
      {link}
    </div>
  );
}

/** The jobs by their kind; kinds of which there are none are not told. */
function Kinds({ jobs, at }: { jobs: Queues['jobs']; at: number }) {
  const { t } = useTranslation('jobs');
  const now = Math.max(useNow(), at);
  const some = jobs.filter((kind) => kind.waiting + kind.running + kind.dead > 0);
  if (some.length === 0) return null;
  return (
    <Panel p={0} mt="md">
      <Table.ScrollContainer minWidth={480} scrollAreaProps={{ viewportProps: { tabIndex: 0 } }}>
        <Table className={classes.kinds} horizontalSpacing="md" aria-label={t('health.byKind')}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t('kind.label')}</Table.Th>
              <Table.Th ta="end">{t('status.waiting')}</Table.Th>
              <Table.Th ta="end">{t('status.running')}</Table.Th>
              <Table.Th ta="end">{t('status.dead')}</Table.Th>
              <Table.Th ta="end">{t('health.late')}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {some.map((kind) => {
              const late = lateness(kind.oldest_due_at, now);
              return (
                <Table.Tr key={kind.kind}>
                  <Table.Td>{kindName(t, kind.kind)}</Table.Td>
                  <Table.Td ta="end">{count(kind.waiting)}</Table.Td>
                  <Table.Td ta="end">{count(kind.running)}</Table.Td>
                  <Table.Td ta="end" c={kind.dead > 0 ? BAD_WORDS : undefined}>
                    {count(kind.dead)}
                  </Table.Td>
                  <Table.Td ta="end">{late.ms > 0 ? duration(late.ms) : '–'}</Table.Td>
                </Table.Tr>
              );
            })}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </Panel>
  );
}
