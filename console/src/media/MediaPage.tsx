import { Box, Group, SegmentedControl, Skeleton, VisuallyHidden } from '@mantine/core';
import { IconLayoutGrid, IconList } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';

import { $api, type Schemas } from '~/api/client';
import { oneOf, useAddress } from '~/parts/address';
import { Choice } from '~/parts/Choice';
import { Endless } from '~/parts/Endless';
import { Failure } from '~/parts/Failure';
import { useFreshen } from '~/parts/freshen';
import { Nothing } from '~/parts/Nothing';
import { Page } from '~/parts/Page';
import { paged } from '~/parts/PagedTable';
import { Panel } from '~/parts/Panel';
import { KINDS } from './failure';
import { MediaDrawer } from './MediaDrawer';
import { MediaGrid } from './MediaGrid';
import { MediaTable } from './MediaTable';
import classes from './media.module.css';

const STATUSES: Schemas['MediaStatus'][] = ['ready', 'fetching', 'failed'];
const SOURCES: Schemas['MediaSource'][] = ['inbound', 'upload'];
const LIST = ['get', '/api/v1/media'];

export function MediaPage() {
  const { t } = useTranslation('media');
  const [address, setAddress] = useAddress('kind', 'status', 'source', 'as', 'file');
  const kind = oneOf(KINDS, address.kind);
  const status = oneOf(STATUSES, address.status);
  const source = oneOf(SOURCES, address.source);
  const list = useMedia({ kind, status, source });
  useFreshen('message', LIST, { concerns: ({ message }) => !!message.media });

  const items = list.data?.pages.flatMap((page) => page.items) ?? [];
  const open = (file: string) => setAddress({ file }, 'opened');
  const filtered = !!(kind ?? status ?? source);

  return (
    <Page wide title={t('title')} lead={t('lead')}>
      <Group mb="md" gap="sm" align="flex-end">
        <Choice
          label={t('filter.kind')}
          options={KINDS.map((value) => ({ value, label: t(`kind.${value}`) }))}
          value={kind}
          onChange={(chosen) => setAddress({ kind: chosen })}
        />
        <Choice
          label={t('filter.status')}
          options={STATUSES.map((value) => ({ value, label: t(`status.${value}`) }))}
          value={status}
          onChange={(chosen) => setAddress({ status: chosen })}
        />
        <Choice
          label={t('filter.source')}
          options={SOURCES.map((value) => ({ value, label: t(`source.${value}`) }))}
          value={source}
          onChange={(chosen) => setAddress({ source: chosen })}
        />
        <SegmentedControl
          ms="auto"
          aria-label={t('as.label')}
          value={address.as === 'list' ? 'list' : 'grid'}
          onChange={(as) => setAddress({ as: as === 'list' ? as : undefined })}
          data={[
            { value: 'grid', label: <Shape icon={IconLayoutGrid} label={t('as.grid')} /> },
            { value: 'list', label: <Shape icon={IconList} label={t('as.list')} /> },
          ]}
        />
      </Group>
      <Failure error={list.error} />
      {list.isPending && (
        <div className={classes.grid} role="status" aria-label={t('title')}>
          {[0, 1, 2, 3, 4, 5].map((card) => (
            <Skeleton key={card} h={204} radius="lg" />
          ))}
        </div>
      )}
      {list.isSuccess && items.length === 0 && (
        <Panel>
          <Nothing {...t(filtered ? 'noneFound' : 'empty', { returnObjects: true })} />
        </Panel>
      )}
      {items.length > 0 &&
        (address.as === 'list' ? (
          <Panel p={0}>
            <MediaTable items={items} onOpen={open} />
          </Panel>
        ) : (
          <MediaGrid items={items} onOpen={open} />
        ))}
      <Endless query={list} />
      <MediaDrawer mediaId={address.file} onClose={() => setAddress({ file: undefined })} />
    </Page>
  );
}

function useMedia(query: {
  kind?: string;
  status?: Schemas['MediaStatus'];
  source?: Schemas['MediaSource'];
}) {
  return $api.useInfiniteQuery('get', '/api/v1/media', { params: { query: { ...query, limit: 60 } } }, paged);
}

function Shape({ icon: Icon, label }: { icon: typeof IconList; label: string }) {
  return (
    <Box display="flex" title={label}>
      <Icon size={18} aria-hidden />
      <VisuallyHidden>{label}</VisuallyHidden>
    </Box>
  );
}
