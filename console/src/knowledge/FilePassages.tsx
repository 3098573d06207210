import { Button, Center, Skeleton, Text, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { IconSearch } from '@tabler/icons-react';
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { ApiFailure } from '~/api/client';
import { Failure } from '~/parts/Failure';
import { count } from '~/parts/numbers';
import { Panel } from '~/parts/Panel';
import { placeOf } from '~/parts/place';

import { type KnowledgeFile, listPassages } from './queries';
import { PassageText } from './PassageCard';
import classes from './Passages.module.css';

/** A file as the agent sees it: passage by passage, with a search in them. */
export function FilePassages({ file }: { file: KnowledgeFile }) {
  const { t } = useTranslation(['knowledge', 'parts']);
  const [words, setWords] = useState('');
  const [asked] = useDebouncedValue(words.trim(), 250);
  const passages = useInfiniteQuery({
    queryKey: ['passages', file.id, file.updated_at, asked],
    queryFn: ({ pageParam, signal }) => listPassages(file.id, asked, pageParam, signal),
    initialPageParam: '',
    getNextPageParam: (page) => page.next_cursor ?? undefined,
    placeholderData: keepPreviousData,
    enabled: file.passages > 0,
  });
  const items = passages.data?.pages.flatMap((page) => page.items) ?? [];
  const isUnknown = passages.error instanceof ApiFailure && passages.error.status === 404;

  return (
    <Panel title={t('passages.title')}>
      {file.passages === 0 ? (
        <Text size="sm" c="var(--quiet)">
          {t(file.status === 'processing' ? 'passages.coming' : 'passages.none')}
        </Text>
      ) : isUnknown ? (
        <Text size="sm" c="var(--quiet)">
          {t('passages.unknown')}
        </Text>
      ) : (
        <>
          <TextInput
            value={words}
            onChange={(event) => setWords(event.currentTarget.value)}
            placeholder={t('passages.search')}
            aria-label={t('passages.search')}
            leftSection={<IconSearch size={16} />}
            mb="md"
          />
          <Failure error={passages.error} />
          {passages.isPending && <Skeleton h={120} />}
          {passages.data && items.length === 0 && (
            <Text size="sm" c="var(--quiet)">
              {t('passages.nothing', { words: asked })}
            </Text>
          )}
          <ol className={classes.list}>
            {items.map((passage) => (
              <li key={passage.ordinal} className={classes.card}>
                <div style={{ display: 'flex', gap: 10 }}>
                  <span className={classes.number} title={t('passages.number', { number: passage.ordinal + 1 })}>
                    {count(passage.ordinal + 1)}
                  </span>
                  <Text size="xs" c="var(--quiet)" style={{ flex: 1, minWidth: 0 }} data-words>
                    {placeOf(passage)}
                  </Text>
                  <Text size="xs" c="var(--quiet)">
                    {t('tokens', { count: passage.tokens, number: count(passage.tokens) })}
                  </Text>
                </div>
                <PassageText text={passage.text} question={asked} />
              </li>
            ))}
          </ol>
          {passages.hasNextPage && (
            <Center mt="md">
              <Button variant="default" onClick={() => passages.fetchNextPage()} loading={passages.isFetchingNextPage}>
                {t('parts:more')}
              </Button>
            </Center>
          )}
        </>
      )}
    </Panel>
  );
}
