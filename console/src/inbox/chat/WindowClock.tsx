import { Tooltip } from '@mantine/core';
import { IconClockHour4, IconLock } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';

import { dateTime, useNow } from '~/parts/time';

import type { Conversation } from '../queries';
import { CLOSING_MS, windowEnd } from '../filters';
import { timeLeft } from '../times';
import classes from './WindowClock.module.css';

/** How long anything may still be written to the customer. */
export function WindowClock({ conversation, onClick }: { conversation: Conversation; onClick: () => void }) {
  const { t } = useTranslation('inbox');
  const now = useNow();
  const end = windowEnd(conversation);
  if (end === null) return null;
  const left = end - now;
  const state = left <= 0 ? 'closed' : left <= CLOSING_MS ? 'closing' : 'open';
  const hint = t(`window.${state}Hint`, { at: dateTime(end) });
  return (
    <Tooltip label={hint} multiline maw={300}>
      <button type="button" className={classes.clock} data-state={state} aria-label={hint} onClick={onClick}>
        {state === 'closed' ? <IconLock size={14} aria-hidden /> : <IconClockHour4 size={14} aria-hidden />}
        {state === 'closed' ? t('window.closed') : timeLeft(left)}
      </button>
    </Tooltip>
  );
}
