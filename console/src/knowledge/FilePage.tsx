import { Button, FileButton, Grid, Group, Skeleton, Stack } from '@mantine/core';
import { IconArrowsExchange, IconDownload } from '@tabler/icons-react';
import { useNavigate, useParams } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';

import { $api } from '~/api/client';
import { ConfirmButton } from '~/parts/ConfirmButton';
import { Failure } from '~/parts/Failure';
import { AnchorLink } from '~/parts/links';
import { Page } from '~/parts/Page';
import { useMay } from '~/session';

import type { KnowledgeFile } from './queries';
import { FilePassages } from './FilePassages';
import { download, useDeleteFile } from './files';
import { FileState } from './FileState';
import { ACCEPTED } from './kinds';
import { useLiveFiles } from './live';
import { Report } from './Report';
import { useUploads } from './uploads';
import { Usage } from './Usage';

export function FilePage() {
  const { t } = useTranslation(['knowledge', 'parts']);
  const { fileId } = useParams({ strict: false }) as { fileId: string };
  useLiveFiles();
  const query = $api.useQuery('get', '/api/v1/knowledge/{file_id}', { params: { path: { file_id: fileId } } });
  if (!query.data) {
    return (
      <Page title={t('file.title')}>
        {query.error ? <Failure error={query.error} /> : <Skeleton h={240} radius="lg" />}
      </Page>
    );
  }
  return <File file={query.data} />;
}

function File({ file }: { file: KnowledgeFile }) {
  const { t } = useTranslation(['knowledge', 'parts']);
  const navigate = useNavigate();
  const mayChange = useMay('editor');
  const remove = useDeleteFile();
  const queue = useUploads(file.agent_id);
  const agent = $api.useQuery('get', '/api/v1/agents/{agent_id}', { params: { path: { agent_id: file.agent_id } } });

  const toFiles = () => navigate({ to: '/knowledge', search: { agent: file.agent_id } as never });
  const replace = (chosen: globalThis.File | null) => {
    if (!chosen) return;
    queue.replace(chosen, file);
    void toFiles();
  };

  return (
    <Page
      title={file.name}
      lead={
        <Group component="span" gap="sm" mt={4}>
          <FileState file={file} />
          {agent.data && (
            <AnchorLink
              to="/agents/$agentId"
              params={{ agentId: file.agent_id }}
              search={{ tab: 'knowledge' } as never}
              size="sm"
            >
              {t('file.of', { agent: agent.data.name })}
            </AnchorLink>
          )}
        </Group>
      }
      actions={
        <>
          <Button variant="default" leftSection={<IconDownload size={18} />} onClick={() => download(file)}>
            {t('file.download')}
          </Button>
          {mayChange && (
            <>
              <FileButton accept={ACCEPTED} onChange={replace}>
                {(props) => (
                  <Button variant="default" leftSection={<IconArrowsExchange size={18} />} {...props}>
                    {t('file.replace')}
                  </Button>
                )}
              </FileButton>
              <ConfirmButton
                title={t('file.remove')}
                question={t('file.removeQuestion', { name: file.name })}
                confirm={t('file.remove')}
                action={async () => {
                  await remove(file);
                  await toFiles();
                }}
              >
                {t('file.remove')}
              </ConfirmButton>
            </>
          )}
        </>
      }
    >
      <Grid gap="lg">
        <Grid.Col span={{ base: 12, lg: 4 }} order={{ base: 1, lg: 2 }}>
          <Stack>
            <Report file={file} />
            <Usage file={file} />
          </Stack>
        </Grid.Col>
        <Grid.Col span={{ base: 12, lg: 8 }} order={{ base: 2, lg: 1 }}>
          <FilePassages file={file} />
        </Grid.Col>
      </Grid>
    </Page>
  );
}
