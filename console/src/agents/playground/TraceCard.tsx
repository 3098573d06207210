import { Button } from '@mantine/core';
import { IconChevronDown } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { count } from '~/parts/numbers';
import { duration } from '~/parts/time';
import { readTrace } from '~/why/trace';
import { TraceView } from '~/why/TraceView';

import type { Tried } from '../queries';
import classes from './Playground.module.css';

/** Why an answer is as it is: model, time, tokens; opened, passages, prompt and tools. */
export function TraceCard({ tried, took, version }: { tried: Tried; took?: number; version: number | 'unsaved' }) {
  const { t } = useTranslation(['agents', 'why']);
  const [open, setOpen] = useState(false);
  const trace = readTrace(tried.trace);
  const millis = trace.think_ms ?? took;
  const summary = [
    version === 'unsaved' ? t('trace.unsaved') : t('version', { version }),
    tried.model ?? t('trace.noModel'),
    ...(millis === undefined ? [] : [duration(millis)]),
  ];
  return (
    <>
      <Button
        variant="subtle"
        color="gray"
        size="compact-xs"
        fw={400}
        c="var(--quiet)"
        aria-expanded={open}
        onClick={() => setOpen(!open)}
        rightSection={<IconChevronDown size={13} style={open ? { transform: 'rotate(180deg)' } : undefined} />}
      >
        {t('why:title')} · {summary.join(' · ')}
      </Button>
      {open && (
        <div className={classes.trace}>
          <p>
            {trace.source && `${t(`why:source.${trace.source}`)} `}
            {t('why:fact.tokens')}:{' '}
            {t('why:tokens', { read: count(tried.prompt_tokens), written: count(tried.completion_tokens) })}.
          </p>
          <TraceView trace={trace} />
        </div>
      )}
    </>
  );
}
