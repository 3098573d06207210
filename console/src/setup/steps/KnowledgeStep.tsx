import { Group, Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';

import { AnchorLink } from '~/parts/links';
import type { Setup } from '../queries';
import { Drop } from './Drop';
import { Files } from './Files';

/** Knowledge: files are dropped in, and one sees them being read. */
export function KnowledgeStep({ setup }: { setup: Setup }) {
  const { t } = useTranslation('setup');
  if (!setup.agent) return <Text>{t('knowledge.noAgent')}</Text>;
  return (
    <Stack>
      <Text>{t('knowledge.text')}</Text>
      <Drop agentId={setup.agent.id} />
      <Files agentId={setup.agent.id} />
      {setup.knowledge_files > 0 && (
        <Group>
          <AnchorLink to="/knowledge" size="sm">
            {t('knowledge.open')}
          </AnchorLink>
        </Group>
      )}
    </Stack>
  );
}
