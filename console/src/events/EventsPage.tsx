import { Anchor, Button, Group, Text } from '@mantine/core';
import { IconRefresh } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { $api, type Schemas } from '~/api/client';
import { useFeed } from '~/api/feed';
import { oneOf, useAddress } from '~/parts/address';
import { Choice } from '~/parts/Choice';
import { useNumbers } from '~/parts/names';
import { Page } from '~/parts/Page';
import { paged, PagedTable } from '~/parts/PagedTable';
import { Panel } from '~/parts/Panel';
import { Ago } from '~/parts/time';
import { EventDrawer } from './EventDrawer';
import { Pieces } from './Pieces';
import { Status } from './Status';
import { parsed, whatCame } from './whatCame';

const STATUSES: Schemas['EventStatus'][] = ['received', 'applied', 'unrouted', 'failed', 'erased'];
const LIST = ['get', '/api/v1/events'];

export function EventsPage() {
  const { t } = useTranslation('events');
  const queryClient = useQueryClient();
  const numbers = useNumbers();
  const [address, setAddress] = useAddress('status', 'number', 'event');
  const [newer, setNewer] = useState(false);
  const status = oneOf(STATUSES, address.status);
  const filters = { status, number_id: address.number, limit: 50 };
  const events = $api.useInfiniteQuery('get', '/api/v1/events', { params: { query: filters } }, paged);
  // Under whoever reads the log it stands still: they say when it moves on.
  useFeed('message', () => setNewer(true));

  const refresh = async () => {
    setNewer(false);
    await queryClient.invalidateQueries({ queryKey: LIST });
  };
  const open = (id: string) => setAddress({ event: id }, 'opened');

  return (
    <Page
      title={t('title')}
      lead={t('lead')}
      actions={
        <Button variant={newer ? 'light' : 'default'} leftSection={<IconRefresh size={18} />} onClick={refresh}>
          <span aria-live="polite">{newer ? t('newer') : t('refresh')}</span>
        </Button>
      }
    >
      <Group mb="md" gap="sm" align="flex-end">
        <Choice
          label={t('status.label')}
          options={STATUSES.map((value) => ({ value, label: t(`status.${value}`) }))}
          value={status}
          onChange={(chosen) => setAddress({ status: chosen })}
        />
        {numbers.length > 1 && (
          <Choice
            label={t('number')}
            options={numbers.map(({ id, name }) => ({ value: id, label: name }))}
            value={address.number}
            onChange={(chosen) => setAddress({ number: chosen })}
            width={220}
          />
        )}
      </Group>
      <Panel p={0}>
        <PagedTable
          label={t('title')}
          query={events}
          onRow={(event) => open(event.id)}
          empty={t(status || address.number ? 'noneFound' : 'empty', { returnObjects: true })}
          columns={[
            {
              head: t('came'),
              cell: (event) => <What event={event} onOpen={() => open(event.id)} />,
            },
            { head: t('status.label'), width: 150, cell: (event) => <Status status={event.status} /> },
            {
              head: t('error'),
              width: '34%',
              cell: (event) => (
                <Text size="sm" lineClamp={2} data-words>
                  {event.error ?? ''}
                </Text>
              ),
            },
            { head: t('received'), width: 140, cell: (event) => <Ago at={event.received_at} size="sm" /> },
          ]}
        />
      </Panel>
      <EventDrawer eventId={address.event} onClose={() => setAddress({ event: undefined })} />
    </Page>
  );
}

function What({ event, onOpen }: { event: Schemas['Event']; onOpen: () => void }) {
  const { t } = useTranslation('events');
  const { pieces, names } = whatCame(parsed(event.body));
  return (
    <>
      <Anchor
        component="button"
        type="button"
        size="sm"
        fw={600}
        ta="start"
        c="var(--mantine-color-text)"
        onClick={(click) => {
          click.stopPropagation();
          onOpen();
        }}
      >
        {event.status === 'erased' ? t('erased.short') : <Pieces pieces={pieces} />}
      </Anchor>
      {names.length > 0 && (
        <Text size="xs" c="var(--quiet)" data-words lineClamp={1}>
          {names.slice(0, 3).join(', ')}
        </Text>
      )}
    </>
  );
}
