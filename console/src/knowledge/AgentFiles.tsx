import { Box, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';

import { count } from '~/parts/numbers';
import { Panel } from '~/parts/Panel';

import type { AgentWithKnowledge } from './queries';
import { useFiles } from './files';
import { FileTable } from './FileTable';
import { useLiveFiles } from './live';
import { UploadArea } from './UploadArea';

/** All that an agent knows from files, and the way in for more. */
export function AgentFiles({ agent }: { agent: AgentWithKnowledge }) {
  const { t } = useTranslation('knowledge');
  const list = useFiles(agent.id);
  useLiveFiles();
  const isWhole = !list.query.hasNextPage;
  const files = agent.knowledge_files ?? (isWhole ? list.files.length : null);
  const tokens = agent.knowledge_tokens ?? (isWhole ? list.files.reduce((sum, file) => sum + file.tokens, 0) : null);

  return (
    <Panel
      p={0}
      title={
        <Box component="span" px="lg" pt="lg" display="block">
          {t('file.title')}
        </Box>
      }
      actions={
        files !== null && files > 0 ? (
          <Text size="sm" c="var(--quiet)" px="lg" pt="lg">
            {t('file.sum', { count: files, files: count(files), tokens: count(tokens ?? 0) })}
          </Text>
        ) : undefined
      }
    >
      <Box px="lg" pb="md">
        <UploadArea agentId={agent.id} agentName={agent.name} files={list.files} />
      </Box>
      <FileTable {...list} />
    </Panel>
  );
}
