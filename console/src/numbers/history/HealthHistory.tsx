import { Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';

import { $api, type Schemas } from '~/api/client';
import { paged, PagedTable } from '~/parts/PagedTable';
import { Panel } from '~/parts/Panel';
import { Ago } from '~/parts/time';
import { HealthStatus } from '../HealthStatus';

/** How the number was: a row for each change. */
export function HealthHistory({ numberId }: { numberId: string }) {
  const { t } = useTranslation('numbers');
  const records = $api.useInfiniteQuery(
    'get',
    '/api/v1/numbers/{number_id}/health',
    { params: { path: { number_id: numberId }, query: {} } },
    paged,
  );
  return (
    <Panel title={t('history.title')}>
      <PagedTable
        label={t('history.title')}
        query={records}
        empty={{ title: t('history.empty.title'), text: t('history.empty.text') }}
        columns={[
          { head: t('history.since'), width: 150, cell: (record) => <Ago at={record.at} size="sm" /> },
          { head: t('health'), width: 130, cell: (record) => <HealthStatus status={record.status} /> },
          { head: t('history.found'), cell: (record) => <Found record={record} /> },
          {
            head: t('history.source'),
            width: 170,
            cell: (record) => <Text size="sm">{t(`source.${record.source}`)}</Text>,
            wideOnly: true,
          },
        ]}
      />
    </Panel>
  );
}

function Found({ record }: { record: Schemas['HealthRecord'] }) {
  const { t } = useTranslation('numbers');
  if (record.problems.length === 0) {
    return (
      <Text size="sm" c="var(--quiet)">
        {t(record.status === 'held' ? 'sentence.held' : 'sentence.ok')}
      </Text>
    );
  }
  return record.problems.map(({ code, message }) => (
    <Text key={`${code}${message}`} size="sm">
      {message}
    </Text>
  ));
}
