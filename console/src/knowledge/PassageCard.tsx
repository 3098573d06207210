import { Badge, Group, Progress, Text, Tooltip, UnstyledButton } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';

import type { Schemas } from '~/api/client';
import { AnchorLink } from '~/parts/links';
import { Marked } from '~/parts/Marked';
import { count, percent } from '~/parts/numbers';
import { placeOf } from '~/parts/place';

import classes from './Passages.module.css';

const SHORT_CHARS = 420;

/** A passage's words, with those marked that were asked for; long ones open. */
export function PassageText({ text, question }: { text: string; question: string }) {
  const { t } = useTranslation('knowledge');
  const [open, setOpen] = useState(false);
  const isLong = text.length > SHORT_CHARS;
  return (
    <>
      <div className={classes.text} data-short={isLong && !open ? true : undefined}>
        <Marked text={text} question={question} />
      </div>
      {isLong && (
        <UnstyledButton className={classes.more} onClick={() => setOpen(!open)} aria-expanded={open}>
          {open ? t('passage.less') : t('passage.whole')}
        </UnstyledButton>
      )}
    </>
  );
}

/** A passage that was found: its file, how well it fits, its words. */
export function PassageCard({
  passage,
  question,
  best,
  note,
}: {
  passage: Schemas['Passage'];
  question: string;
  /** The highest score of this search. */
  best: number;
  note?: ReactNode;
}) {
  const { t } = useTranslation('knowledge');
  const score = new Intl.NumberFormat(undefined, { maximumFractionDigits: 1 }).format(passage.score);
  return (
    <article className={classes.card}>
      <Group justify="space-between" gap="xs" wrap="nowrap" align="flex-start">
        <div style={{ minWidth: 0 }}>
          <AnchorLink
            to="/knowledge/$fileId"
            params={{ fileId: passage.file_id }}
            size="sm"
            fw={600}
            c="var(--mantine-color-text)"
            data-words
          >
            {passage.file_name}
          </AnchorLink>
          {placeOf(passage) && (
            <Text size="xs" c="var(--quiet)" data-words lineClamp={2}>
              {placeOf(passage)}
            </Text>
          )}
        </div>
        <Tooltip label={t('passage.scoreHint')} multiline w={240}>
          <div className={classes.score}>
            <Text size="xs" ta="end">
              {t('passage.score', { score })}
            </Text>
            <Progress
              value={best > 0 ? (passage.score / best) * 100 : 0}
              size={5}
              mt={3}
              aria-label={t('passage.score', { score })}
            />
          </div>
        </Tooltip>
      </Group>
      <PassageText text={passage.text} question={question} />
      <Group gap="xs" mt={6}>
        <Text size="xs" c="var(--quiet)">
          {t('passage.covers', { share: percent(passage.coverage, 1) })} ·{' '}
          {t('tokens', { count: passage.tokens, number: count(passage.tokens) })}
        </Text>
        {note && (
          <Badge size="sm" variant="light" color="orange">
            {note}
          </Badge>
        )}
      </Group>
    </article>
  );
}
