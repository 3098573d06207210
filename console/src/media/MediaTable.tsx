import { Anchor, Group, Table, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';

import type { Schemas } from '~/api/client';
import { bytes } from '~/parts/numbers';
import { Ago } from '~/parts/time';
import { kindOf } from './failure';
import { State } from './State';
import { Thumbnail } from './Thumbnail';

export function MediaTable({ items, onOpen }: { items: Schemas['Media'][]; onOpen: (id: string) => void }) {
  const { t } = useTranslation('media');
  return (
    <Table.ScrollContainer minWidth={640} scrollAreaProps={{ viewportProps: { tabIndex: 0 } }}>
      <Table highlightOnHover verticalSpacing="xs" aria-label={t('title')}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t('file')}</Table.Th>
            <Table.Th w={130}>{t('filter.kind')}</Table.Th>
            <Table.Th w={110}>{t('size')}</Table.Th>
            <Table.Th w={170}>{t('filter.source')}</Table.Th>
            <Table.Th w={150}>{t('came')}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {items.map((media) => (
            <Table.Tr key={media.id} onClick={() => onOpen(media.id)} style={{ cursor: 'pointer' }}>
              <Table.Td>
                <Group gap="sm" wrap="nowrap">
                  <Thumbnail media={media} small />
                  <Anchor
                    component="button"
                    type="button"
                    fw={600}
                    size="sm"
                    c="var(--mantine-color-text)"
                    ta="start"
                    onClick={(event) => {
                      event.stopPropagation();
                      onOpen(media.id);
                    }}
                  >
                    <bdi>{media.file_name ?? t(`kind.${kindOf(media.kind)}`)}</bdi>
                  </Anchor>
                  <State media={media} />
                </Group>
              </Table.Td>
              <Table.Td>{t(`kind.${kindOf(media.kind)}`)}</Table.Td>
              <Table.Td>{media.size_bytes == null ? '–' : bytes(media.size_bytes)}</Table.Td>
              <Table.Td>
                <Text size="sm">{t(`source.${media.source}`)}</Text>
              </Table.Td>
              <Table.Td>
                <Ago at={media.created_at} size="sm" />
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}
