import { Alert, Button, Drawer, Group, Skeleton, Stack, Text } from '@mantine/core';
import { IconAlertTriangle, IconDownload, IconTrash } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';

import { $api, api, ok, type Schemas } from '~/api/client';
import { ConfirmButton } from '~/parts/ConfirmButton';
import { Copy } from '~/parts/Copy';
import { Facts } from '~/parts/Facts';
import { Failure, notifyDone } from '~/parts/Failure';
import { bytes } from '~/parts/numbers';
import { dateTime } from '~/parts/time';
import { useMay } from '~/session';
import { failureOf, kindOf, oddityOf } from './failure';
import { Preview } from './Preview';
import { WhereUsed } from './WhereUsed';

/** One file: what it is, where it was used, what is wrong with it. */
export function MediaDrawer({ mediaId, onClose }: { mediaId: string | undefined; onClose: () => void }) {
  const { t } = useTranslation(['media', 'parts']);
  const { data: media, error } = $api.useQuery(
    'get',
    '/api/v1/media/{media_id}/details',
    { params: { path: { media_id: mediaId ?? '' } } },
    { enabled: !!mediaId },
  );
  const title = media ? (media.file_name ?? t(`kind.${kindOf(media.kind)}`)) : t('file');
  return (
    <Drawer
      opened={!!mediaId}
      onClose={onClose}
      position="right"
      size="lg"
      title={<bdi>{title}</bdi>}
      closeButtonProps={{ 'aria-label': t('parts:close') }}
    >
      <Failure error={error} />
      {media && mediaId ? <About media={media} onDeleted={onClose} /> : !error && <Skeleton h={240} radius="lg" />}
    </Drawer>
  );
}

function About({ media, onDeleted }: { media: Schemas['Media']; onDeleted: () => void }) {
  const { t } = useTranslation(['media', 'parts']);
  const queryClient = useQueryClient();
  const mayDelete = useMay('operator');

  const remove = async () => {
    await ok(api.DELETE('/api/v1/media/{media_id}', { params: { path: { media_id: media.id } } }));
    notifyDone(t('delete.done'));
    onDeleted();
    await queryClient.invalidateQueries({ queryKey: ['get', '/api/v1/media'] });
  };

  return (
    <Stack gap="lg">
      <Preview media={media} />
      {media.status === 'failed' && <NotHere media={media} />}
      {media.warning && <Odd warning={media.warning} />}
      <Facts
        facts={[
          [t('filter.kind'), t(`kind.${kindOf(media.kind)}`)],
          [t('filter.status'), t(`status.${media.status}`)],
          [t('size'), media.size_bytes != null && bytes(media.size_bytes)],
          [t('isType'), media.media_type],
          [t('saidType'), media.declared_type !== media.media_type && media.declared_type],
          [t('came'), dateTime(media.created_at)],
          [t('here'), media.ready_at && media.source === 'inbound' && dateTime(media.ready_at)],
          [t('used'), <WhereUsed key="used" media={media} />],
          [
            t('hash'),
            media.sha256 && (
              <Group key="hash" gap={4} wrap="nowrap">
                <Text size="xs" ff="monospace" component="bdi">
                  {media.sha256}
                </Text>
                <Copy value={media.sha256} />
              </Group>
            ),
          ],
        ]}
      />
      <Group>
        {media.status === 'ready' && (
          <Button
            component="a"
            href={media.url}
            download={media.file_name ?? ''}
            variant="default"
            leftSection={<IconDownload size={18} />}
          >
            {t('download')}
          </Button>
        )}
        <ConfirmButton
          title={t('delete.title')}
          question={t('delete.question')}
          confirm={t('parts:delete')}
          action={remove}
          disabled={!mayDelete}
          leftSection={<IconTrash size={18} />}
        >
          {t('parts:delete')}
        </ConfirmButton>
        {!mayDelete && (
          <Text size="sm" c="var(--quiet)">
            {t('parts:notAllowed')}
          </Text>
        )}
      </Group>
    </Stack>
  );
}

function NotHere({ media }: { media: Schemas['Media'] }) {
  const { t } = useTranslation('media');
  const failure = failureOf(media.error);
  return (
    <Alert color="red" icon={<IconAlertTriangle size={18} />} title={t(`failure.${failure}.title`)}>
      {t(`failure.${failure}.text`)}
      {failure === 'other' && media.error && (
        <Text size="sm" mt="xs" data-words>
          {media.error}
        </Text>
      )}
    </Alert>
  );
}

function Odd({ warning }: { warning: string }) {
  const { t } = useTranslation('media');
  const oddity = oddityOf(warning);
  return (
    <Alert color="orange" icon={<IconAlertTriangle size={18} />} title={t('odd.title')}>
      {oddity === 'other' ? warning : t(`odd.${oddity}`)}
    </Alert>
  );
}
