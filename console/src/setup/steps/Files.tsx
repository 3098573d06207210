import { Group, Loader, Text } from '@mantine/core';
import { IconAlertTriangle, IconCircleCheck } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';

import { $api, type Schemas } from '~/api/client';
import { useFeed } from '~/api/feed';
import classes from './Files.module.css';

const MOST = 8;

/** The newest files of an agent, and how far each has been read. */
export function Files({ agentId }: { agentId: string }) {
  const { t } = useTranslation('setup');
  const queryClient = useQueryClient();
  const files = $api.useQuery('get', '/api/v1/agents/{agent_id}/knowledge', {
    params: { path: { agent_id: agentId }, query: { limit: MOST } },
  });
  useFeed('file', ({ file }) => {
    if (file.agent_id !== agentId) return;
    void queryClient.invalidateQueries({ queryKey: ['get', '/api/v1/agents/{agent_id}/knowledge'] });
  });
  const items = files.data?.items ?? [];
  if (items.length === 0) return null;
  return (
    <ul className={classes.files} aria-label={t('knowledge.files')} aria-live="polite">
      {items.map((file) => (
        <li key={file.id}>
          <Mark status={file.status} />
          <div className={classes.name}>
            <bdi>{file.name}</bdi>
            {file.error && <Text size="sm">{file.error}</Text>}
          </div>
          {file.status === 'ready' && (
            <Text size="sm" c="var(--quiet)">
              {t('knowledge.passages', { count: file.passages })}
            </Text>
          )}
        </li>
      ))}
    </ul>
  );
}

function Mark({ status }: { status: Schemas['FileStatus'] }) {
  const { t } = useTranslation('setup');
  if (status === 'processing') return <Loader size={18} role="img" aria-label={t('knowledge.reading')} />;
  const Icon = status === 'ready' ? IconCircleCheck : IconAlertTriangle;
  return (
    <Group>
      <Icon
        size={20}
        role="img"
        aria-label={t(status === 'ready' ? 'knowledge.read' : 'knowledge.failed')}
        className={status === 'ready' ? classes.ready : classes.failed}
      />
    </Group>
  );
}
