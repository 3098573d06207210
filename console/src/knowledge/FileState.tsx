import { Progress, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';

import { percent } from '~/parts/numbers';
import { Tag } from '~/parts/Tag';

import type { KnowledgeFile } from './queries';
import classes from './FileState.module.css';

const TONES = { ready: 'good', processing: 'new', failed: 'bad' } as const;

/** Whether a file can be answered from, how far it is, and what is wrong with it. */
export function FileState({ file }: { file: KnowledgeFile }) {
  const { t } = useTranslation('knowledge');
  const part = file.progress ?? null;
  return (
    <span className={classes.state} role={file.status === 'processing' ? 'status' : undefined}>
      <Tag tone={TONES[file.status]}>{t(`status.${file.status}`)}</Tag>
      {file.status === 'processing' && (
        <Progress
          component="span"
          value={part === null ? 100 : part * 100}
          animated={part === null}
          size={6}
          w={80}
          aria-label={part === null ? t('status.processing') : percent(part, 1)}
        />
      )}
      {file.status === 'failed' && file.error && (
        <Text span size="xs" maw={420}>
          {file.error}
        </Text>
      )}
    </span>
  );
}
