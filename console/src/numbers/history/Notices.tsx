import { Code, Group, ScrollArea, Text, UnstyledButton } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconAlertOctagon, IconAlertTriangle, IconInfoCircle } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';

import { $api, type Schemas } from '~/api/client';
import { AnchorLink } from '~/parts/links';
import { paged, PagedTable } from '~/parts/PagedTable';
import { Panel } from '~/parts/Panel';
import { Ago } from '~/parts/time';
import classes from './Notices.module.css';

const ICONS = { info: IconInfoCircle, warning: IconAlertTriangle, critical: IconAlertOctagon };

/** What Meta told of the number and its account, and when its sends waited. */
export function Notices({ numberId }: { numberId: string }) {
  const { t } = useTranslation('numbers');
  const notices = $api.useInfiniteQuery('get', '/api/v1/notices', { params: { query: { number_id: numberId } } }, paged);
  return (
    <Panel title={t('notices.title')}>
      <PagedTable
        label={t('notices.title')}
        query={notices}
        empty={{ title: t('notices.empty.title'), text: t('notices.empty.text') }}
        columns={[
          { head: t('notices.when'), width: 150, cell: (notice) => <Ago at={notice.at} size="sm" /> },
          { head: t('notices.what'), cell: (notice) => <What notice={notice} /> },
        ]}
      />
    </Panel>
  );
}

function What({ notice }: { notice: Schemas['Notice'] }) {
  const { t } = useTranslation('numbers');
  const [opened, { toggle }] = useDisclosure();
  const Icon = ICONS[notice.severity];
  return (
    <div className={classes.notice} data-severity={notice.severity}>
      <Icon size={18} role="img" aria-label={t(`severity.${notice.severity}`)} className={classes.icon} />
      <div className={classes.text}>
        <Text size="sm">{notice.summary}</Text>
        <Group gap="md" mt={2}>
          <UnstyledButton onClick={toggle} aria-expanded={opened} className={classes.more}>
            {opened ? t('notices.less') : t('notices.more')}
          </UnstyledButton>
          {notice.event_id && (
            <AnchorLink to="/events" search={{ event: notice.event_id } as never} size="xs">
              {t('notices.event')}
            </AnchorLink>
          )}
        </Group>
        {opened && (
          <ScrollArea.Autosize mah={320} mt="xs" viewportProps={{ tabIndex: 0 }}>
            <Code block>{JSON.stringify(notice.body, null, 2)}</Code>
          </ScrollArea.Autosize>
        )}
      </div>
    </div>
  );
}
