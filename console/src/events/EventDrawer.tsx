import { Alert, Button, Drawer, Group, Skeleton, Stack, Text } from '@mantine/core';
import { IconRepeat } from '@tabler/icons-react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';

import { $api, api, ok, type Schemas } from '~/api/client';
import { Copyable } from '~/parts/Copy';
import { Facts } from '~/parts/Facts';
import { Failure, notifyDone, notifyFailure } from '~/parts/Failure';
import { nameIn, useNumbers } from '~/parts/names';
import { dateTime, duration } from '~/parts/time';
import { useMay } from '~/session';
import { Became } from './Became';
import { Payload } from './Payload';
import { Pieces } from './Pieces';
import { Status } from './Status';
import { parsed, whatCame } from './whatCame';

/** One webhook: what came, what became of it, and all of it as it was. */
export function EventDrawer({ eventId, onClose }: { eventId: string | undefined; onClose: () => void }) {
  const { t } = useTranslation(['events', 'parts']);
  const { data: event, error } = $api.useQuery(
    'get',
    '/api/v1/events/{event_id}',
    { params: { path: { event_id: eventId ?? '' } } },
    { enabled: !!eventId },
  );
  return (
    <Drawer
      opened={!!eventId}
      onClose={onClose}
      position="right"
      size="xl"
      title={t('event')}
      closeButtonProps={{ 'aria-label': t('parts:close') }}
    >
      <Failure error={error} />
      {event && eventId ? <About event={event} /> : !error && <Skeleton h={240} radius="lg" />}
    </Drawer>
  );
}

function About({ event }: { event: Schemas['Event'] }) {
  const { t } = useTranslation(['events', 'parts']);
  const numbers = useNumbers();
  const value = parsed(event.body);
  const { pieces, wamids, names } = whatCame(value);
  const erased = event.status === 'erased';
  const took = event.applied_at && new Date(event.applied_at).getTime() - new Date(event.received_at).getTime();
  const isBad = event.status === 'failed' || event.status === 'unrouted';

  return (
    <Stack gap="lg">
      <Group justify="space-between">
        <Group gap="sm">
          <Status status={event.status} />
          {!erased && (
            <Text size="sm" fw={600}>
              <Pieces pieces={pieces} />
            </Text>
          )}
        </Group>
        <Replay event={event} disabled={erased} />
      </Group>
      {event.error && (
        <Alert color={isBad ? 'red' : 'orange'} title={t(`status.means.${event.status}`)}>
          <span data-words>{event.error}</span>
        </Alert>
      )}
      <Facts
        facts={[
          [t('received'), dateTime(event.received_at)],
          [t('applied'), took != null && took !== '' && t('appliedAfter', { time: duration(Math.max(0, took)) })],
          [t('about'), names.length > 0 && <bdi key="names">{names.join(', ')}</bdi>],
          [t('number'), event.number_id && (nameIn(numbers, event.number_id) ?? event.number_id)],
          [t('id'), <Copyable key="id" value={event.id} />],
        ]}
      />
      {erased ? <Alert color="gray">{t('erased.text')}</Alert> : <Became wamids={wamids} />}
      {!erased && <Payload body={event.body} value={value} />}
    </Stack>
  );
}

function Replay({ event, disabled }: { event: Schemas['Event']; disabled: boolean }) {
  const { t } = useTranslation(['events', 'parts']);
  const queryClient = useQueryClient();
  const may = useMay();
  const replay = useMutation({
    mutationFn: () =>
      ok(api.POST('/api/v1/events/{event_id}/replay', { params: { path: { event_id: event.id } } })),
    onSuccess: async () => {
      notifyDone(t('replay.done'));
      await queryClient.invalidateQueries({ queryKey: ['get', '/api/v1/events'] });
      await queryClient.invalidateQueries({ queryKey: ['get', '/api/v1/events/{event_id}'] });
      await queryClient.invalidateQueries({ queryKey: ['get', '/api/v1/messages'] });
    },
    onError: notifyFailure,
  });
  return (
    <Button
      size="sm"
      variant="default"
      leftSection={<IconRepeat size={16} />}
      disabled={!may || disabled}
      title={may ? t('replay.what') : t('replay.adminsOnly')}
      loading={replay.isPending}
      onClick={() => replay.mutate()}
    >
      {t('replay.action')}
    </Button>
  );
}
