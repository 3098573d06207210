import { Center, Skeleton, Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';

import type { Schemas } from '~/api/client';
import { PassageCard } from '~/knowledge/PassageCard';
import classes from '~/knowledge/Passages.module.css';
import { Failure } from '~/parts/Failure';

/** What is found for the question that is being written. */
export function PassagesView({
  passages,
  question,
  error,
  isPending,
  leftOut,
}: {
  passages: Schemas['Passage'][];
  question: string;
  error: unknown;
  isPending: boolean;
  /** How many at the end do not fit into the prompt. */
  leftOut: number;
}) {
  const { t } = useTranslation('agents');
  if (error) return <Failure error={error} />;
  if (isPending) return <Skeleton h={110} />;
  if (passages.length === 0) {
    return (
      <Center flex={1}>
        <Stack gap="xs" ta="center" align="center" py="xl">
          <Text fw={600}>{t(question ? 'playground.noPassages.title' : 'playground.askFirst.title')}</Text>
          <Text size="sm" c="var(--quiet)" maw={320}>
            {t(question ? 'playground.noPassages.text' : 'playground.askFirst.text')}
          </Text>
        </Stack>
      </Center>
    );
  }
  return (
    <ul className={classes.list} aria-live="polite">
      {passages.map((passage, at) => (
        <li key={`${passage.file_id}-${at}`}>
          <PassageCard
            passage={passage}
            question={question}
            best={passages[0]!.score}
            note={at >= passages.length - leftOut ? t('playground.leftOut') : undefined}
          />
        </li>
      ))}
    </ul>
  );
}
