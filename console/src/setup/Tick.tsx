import { Loader } from '@mantine/core';
import { IconCheck } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';

import { Ago } from '~/parts/time';
import classes from './Tick.module.css';

/** Something that is waited for, and a green tick once it has come. */
export function Tick({ done, at, label }: { done: boolean; at?: string | null; label: string }) {
  const { t } = useTranslation('setup');
  return (
    <div className={classes.tick} data-done={done}>
      {done ? (
        <span className={classes.mark} role="img" aria-label={t('done')}>
          <IconCheck size={16} stroke={3} aria-hidden />
        </span>
      ) : (
        <Loader size={22} type="dots" color="gray" role="img" aria-label={t('waiting')} />
      )}
      <span>{label}</span>
      {done && at && <Ago at={at} size="sm" c="var(--quiet)" />}
    </div>
  );
}
