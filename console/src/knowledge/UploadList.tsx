import { ActionIcon, Button, Group, Progress, Text, Tooltip } from '@mantine/core';
import { IconX } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';

import { problemOf } from '~/api/client';
import { bytes, percent } from '~/parts/numbers';

import { FileIcon } from './FileIcon';
import classes from './Upload.module.css';
import type { Upload, useUploads } from './uploads';

/** Files on their way: how far they are, and why one is not taken. */
export function UploadList({ queue }: { queue: ReturnType<typeof useUploads> }) {
  const { t } = useTranslation('knowledge');
  if (queue.uploads.length === 0) return null;
  return (
    <ul className={classes.list} aria-label={t('upload.list')} aria-live="polite">
      {queue.uploads.map((upload) => (
        <li key={upload.key} className={classes.row}>
          <FileIcon name={upload.file.name} />
          <div className={classes.middle}>
            <Text size="sm" fw={600} truncate data-words>
              {upload.file.name}
            </Text>
            <Told upload={upload} />
          </div>
          {upload.state.step === 'clash' && (
            <Group gap={6}>
              <Button size="compact-sm" onClick={() => queue.settle(upload, 'replace')}>
                {t('upload.replace')}
              </Button>
              <Button size="compact-sm" variant="default" onClick={() => queue.settle(upload, 'both')}>
                {t('upload.both')}
              </Button>
            </Group>
          )}
          {upload.state.step === 'failed' && (
            <Button size="compact-sm" variant="default" onClick={() => queue.again(upload)}>
              {t('upload.again')}
            </Button>
          )}
          <Tooltip label={t('upload.drop')}>
            <ActionIcon
              variant="subtle"
              color="gray"
              aria-label={`${t('upload.drop')}: ${upload.file.name}`}
              onClick={() => queue.drop(upload)}
            >
              <IconX size={16} />
            </ActionIcon>
          </Tooltip>
        </li>
      ))}
    </ul>
  );
}

function Told({ upload }: { upload: Upload }) {
  const { t } = useTranslation(['knowledge', 'parts']);
  const { state, file } = upload;
  if (state.step === 'refused') {
    return (
      <Text size="xs" c="var(--mantine-color-error)">
        {t(`refusal.${state.why}`)}
      </Text>
    );
  }
  if (state.step === 'failed') {
    const problem = problemOf(state.error);
    return (
      <Text size="xs" c="var(--mantine-color-error)">
        {problem.detail ?? problem.title ?? t('parts:unreachable')}
      </Text>
    );
  }
  if (state.step === 'clash') {
    return (
      <Text size="xs" c="var(--quiet)">
        {t('upload.clash')}
      </Text>
    );
  }
  const part = state.step === 'sending' ? state.part : state.step === 'reading' ? 1 : 0;
  const words =
    state.step === 'sending'
      ? t('upload.sending', { share: percent(part, 1), size: bytes(file.size) })
      : t(`upload.${state.step}`);
  return (
    <>
      <Progress value={part * 100} animated={state.step === 'reading'} size={5} my={4} aria-label={file.name} />
      <Text size="xs" c="var(--quiet)">
        {words}
      </Text>
    </>
  );
}
