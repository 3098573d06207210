import { Button } from '@mantine/core';
import { IconAlertCircle } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';

import { Ago } from '~/parts/time';
import { useMay } from '~/session';

import type { Conversation } from '../queries';
import classes from './TaskStrip.module.css';
import type { useOwnership } from './useOwnership';

/** Why somebody should look at this conversation, and what can be done about it. */
export function TaskStrip({ conversation, ownership }: { conversation: Conversation; ownership: ReturnType<typeof useOwnership> }) {
  const { t } = useTranslation('inbox');
  const may = useMay('operator');
  const { task, task_reason: reason, task_opened_at: since, owner } = conversation;
  if (!task) return null;
  const isWithAgent = owner === 'agent';
  return (
    <div className={classes.strip}>
      <IconAlertCircle size={18} aria-hidden />
      <span className={classes.words}>
        <b>{t(`task.${reason ?? 'other'}`)}</b>
        <span>{t(`taskHint.${reason ?? 'other'}`)}</span>
        {since && <Ago at={since} size="xs" inherit span />}
      </span>
      {may && (
        <>
          {isWithAgent && (
            <Button size="compact-sm" color="orange" variant="light" loading={ownership.busy === 'take'} onClick={ownership.take}>
              {t('chat.take')}
            </Button>
          )}
          <Button
            size="compact-sm"
            color="orange"
            variant="subtle"
            // Either way of owning it closes the task; this one leaves the owner as it is.
            onClick={isWithAgent ? ownership.release : ownership.take}
          >
            {t('chat.taskDone')}
          </Button>
        </>
      )}
    </div>
  );
}
