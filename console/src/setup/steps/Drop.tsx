import '@mantine/dropzone/styles.css';

import { Text } from '@mantine/core';
import { Dropzone } from '@mantine/dropzone';
import { IconFileUpload } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { api, ok } from '~/api/client';
import { Failure } from '~/parts/Failure';
import { SETUP_KEY } from '../queries';
import classes from './Drop.module.css';

const MOST_FILES = 20;

/** Uploads what is dropped or chosen as an agent's knowledge. */
export function Drop({ agentId }: { agentId: string }) {
  const { t } = useTranslation('setup');
  const queryClient = useQueryClient();
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);

  const upload = async (files: File[]) => {
    setBusy(true);
    setError(null);
    try {
      await ok(
        api.POST('/api/v1/agents/{agent_id}/knowledge', {
          params: { path: { agent_id: agentId } },
          // The document says strings where a form carries bytes.
          body: { file: files as unknown as string[] },
          bodySerializer: ({ file }) => {
            const form = new FormData();
            for (const one of file) form.append('file', one);
            return form;
          },
        }),
      );
      await queryClient.invalidateQueries({ queryKey: ['get', '/api/v1/agents/{agent_id}/knowledge'] });
      await queryClient.invalidateQueries({ queryKey: SETUP_KEY });
    } catch (thrown) {
      setError(thrown);
    } finally {
      setBusy(false);
    }
  };

  return (
    <>
      <Dropzone
        onDrop={(files) => void upload(files)}
        loading={busy}
        maxFiles={MOST_FILES}
        className={classes.drop}
        inputProps={{ 'aria-label': t('knowledge.choose') }}
      >
        <div className={classes.inside}>
          <IconFileUpload size={32} stroke={1.5} aria-hidden />
          <Text fw={600}>{t('knowledge.drop')}</Text>
          <Text size="sm" c="var(--quiet)">
            {t('knowledge.kinds')}
          </Text>
        </div>
      </Dropzone>
      <Failure error={error} />
    </>
  );
}
