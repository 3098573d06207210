import { Button, Group, Text } from '@mantine/core';
import { IconRefresh, IconTrash } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';

import { useIsLive } from '~/api/feed';
import { ConfirmButton } from '~/parts/ConfirmButton';
import { AnchorLink } from '~/parts/links';
import { bytes, count } from '~/parts/numbers';
import { PagedTable } from '~/parts/PagedTable';
import { Ago } from '~/parts/time';
import { useMay } from '~/session';

import type { KnowledgeFile } from './queries';
import { FileIcon } from './FileIcon';
import { useDeleteFile, type useFiles } from './files';
import { FileState } from './FileState';

/** An agent's files: what they are, and whether they can be answered from. */
export function FileTable({ query, files }: ReturnType<typeof useFiles>) {
  const { t } = useTranslation(['knowledge', 'parts']);
  const mayChange = useMay('editor');
  const live = useIsLive();
  const remove = useDeleteFile();
  const working = files.some((file) => file.status === 'processing');

  return (
    <>
      {working && !live && (
        <Group justify="flex-end" px="md" pt="sm">
          <Button
            size="compact-sm"
            variant="default"
            leftSection={<IconRefresh size={15} />}
            onClick={() => query.refetch()}
            loading={query.isFetching}
          >
            {t('file.look')}
          </Button>
        </Group>
      )}
      <PagedTable<KnowledgeFile>
        label={t('file.list')}
        query={query}
        empty={t('file.none', { returnObjects: true })}
        columns={[
          {
            head: t('file.name'),
            cell: (file) => (
              <Group gap={10} wrap="nowrap" miw={140}>
                <FileIcon name={file.name} />
                <div style={{ minWidth: 0 }}>
                  <AnchorLink
                    to="/knowledge/$fileId"
                    params={{ fileId: file.id }}
                    fw={600}
                    size="sm"
                    c="var(--mantine-color-text)"
                    data-words
                  >
                    {file.name}
                  </AnchorLink>
                  <Text size="xs" c="var(--quiet)">
                    {bytes(file.size_bytes)} · <Ago at={file.created_at} span inherit />
                  </Text>
                </div>
              </Group>
            ),
          },
          { head: t('file.status'), cell: (file) => <FileState file={file} /> },
          {
            head: t('file.passages'),
            width: 170,
            cell: (file) => (
              <Group justify="space-between" wrap="nowrap" gap="xs">
                <div>
                  <Text size="sm">{count(file.passages)}</Text>
                  <Text size="xs" c="var(--quiet)" style={{ whiteSpace: 'nowrap' }}>
                    {t('tokens', { count: file.tokens, number: count(file.tokens) })}
                  </Text>
                </div>
                {mayChange && <RemoveButton file={file} onRemove={() => remove(file)} label={t('file.remove')} />}
              </Group>
            ),
          },
        ]}
      />
    </>
  );
}

function RemoveButton({ file, onRemove, label }: { file: KnowledgeFile; onRemove: () => Promise<unknown>; label: string }) {
  const { t } = useTranslation('knowledge');
  return (
    <ConfirmButton
      size="compact-sm"
      variant="subtle"
      color="gray"
      aria-label={`${label}: ${file.name}`}
      title={label}
      question={t('file.removeQuestion', { name: file.name })}
      confirm={label}
      action={onRemove}
    >
      <IconTrash size={16} />
    </ConfirmButton>
  );
}
