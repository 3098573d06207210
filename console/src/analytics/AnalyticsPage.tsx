import { Box, Button, Skeleton, Stack, Text } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';

import { QueueHealth } from '~/jobs/QueueHealth';
import { useAddress } from '~/parts/address';
import { Failure } from '~/parts/Failure';
import { useFreshen } from '~/parts/freshen';
import { Nothing } from '~/parts/Nothing';
import { Page } from '~/parts/Page';
import { Panel } from '~/parts/Panel';
import { useNow } from '~/parts/time';
import classes from './analytics.module.css';
import { STATS, useStats } from './queries';
import { Figures } from './Figures';
import { daysLabel } from './format';
import { before, dayOf, offsetMinutes, readPeriod } from './period';
import { PeriodBar } from './PeriodBar';
import { saveAll } from './saveSheets';
import { makeSheets } from './sheets';
import { Tiles } from './Tiles';

export function AnalyticsPage() {
  const { t } = useTranslation('analytics');
  const [address, setAddress] = useAddress('days', 'from', 'to', 'by', 'number', 'agent');
  const today = dayOf(new Date(useNow()));
  const period = readPeriod(address, today);
  const earlier = before(period);
  const offset = offsetMinutes();
  const of = { number_id: address.number, agent_id: address.agent, utc_offset_minutes: offset };
  const now = useStats({ from: period.from, to: period.to, by: period.by, ...of });
  const past = useStats({ from: earlier.from, to: earlier.to, by: 'day', ...of });
  // Figures of many messages: now and then is soon enough.
  useFreshen('message', STATS, { everyMs: 60_000, concerns: () => period.to === today });

  const stats = now.data;
  const some = stats && stats.totals.inbound + stats.totals.outbound + stats.totals.turns > 0;
  const sheets = stats && makeSheets(stats, offset);
  const save = () => sheets && saveAll(`switchboard-${period.from}-${period.to}`, Object.values(sheets));

  return (
    <Page
      wide
      title={t('title')}
      lead={t('lead')}
      actions={
        <Button variant="default" leftSection={<IconDownload size={18} />} onClick={save} disabled={!some}>
          {t('csv.all')}
        </Button>
      }
    >
      <PeriodBar period={period} today={today} number={address.number} agent={address.agent} onChange={setAddress} />
      <Failure error={now.error} />
      <Stack gap="xl">
        {now.isPending && <Waiting />}
        {stats && !some && (
          <Panel>
            <Nothing
              title={t('empty.title')}
              text={t('empty.text')}
              action={
                period.last !== 365 && (
                  <Button mt="sm" variant="default" onClick={() => setAddress({ days: '365', from: undefined, to: undefined })}>
                    {t('empty.more')}
                  </Button>
                )
              }
            />
          </Panel>
        )}
        {stats && sheets && some && (
          <Box className={classes.figures} data-old={now.isPlaceholderData || undefined} aria-busy={now.isFetching}>
            <Text size="sm" c="var(--quiet)" mb="sm">
              {t('comparedWith', { days: daysLabel(earlier) })}
              {period.to === today && ` ${t('todayGoesOn')}`}
            </Text>
            <Tiles
              stats={stats}
              before={past.isPlaceholderData ? undefined : past.data}
              isBegun={period.from === today}
            />
            <Figures stats={stats} sheets={sheets} />
          </Box>
        )}
        <QueueHealth heading={t('queues')} />
      </Stack>
    </Page>
  );
}

function Waiting() {
  const { t } = useTranslation('parts');
  return (
    <div role="status" aria-label={t('loading')} className={classes.waiting}>
      {Array.from({ length: 8 }, (_, tile) => (
        <Skeleton key={tile} h={106} radius="lg" />
      ))}
      <Skeleton h={380} radius="lg" className={classes.waitingWide} />
    </div>
  );
}
