import { Button, Loader, Text, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { IconSearch } from '@tabler/icons-react';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { Failure } from '~/parts/Failure';
import { dateTime } from '~/parts/time';

import { searchMessages } from '../queries';
import { flat } from '../format/parse';
import { found } from './found';
import classes from './SearchIn.module.css';

/** Finds what was said in a conversation, however long ago. */
export function SearchIn({ conversationId, onGoTo }: { conversationId: string; onGoTo: (messageId: string) => void }) {
  const { t } = useTranslation(['inbox', 'parts']);
  const [words, setWords] = useState('');
  const [asked] = useDebouncedValue(words.trim(), 250);
  const query = useInfiniteQuery({
    queryKey: ['get', '/api/v1/messages', { params: { query: { q: asked, conversation_id: conversationId } } }],
    queryFn: ({ pageParam, signal }) => searchMessages(asked, conversationId, pageParam, signal),
    initialPageParam: '',
    getNextPageParam: (page) => page.next_cursor ?? undefined,
    enabled: asked.length > 1,
  });
  const items = query.data?.pages.flatMap((page) => page.items) ?? [];
  // The newest gateways look for words; what an older one gives is looked through here.
  const fitting = items.filter((message) => (message.text ?? '').toLocaleLowerCase().includes(asked.toLocaleLowerCase()));
  return (
    <>
      <TextInput
        type="search"
        maxLength={100}
        aria-label={t('chat.search')}
        placeholder={t('search.placeholder')}
        leftSection={<IconSearch size={16} />}
        value={words}
        onChange={(event) => setWords(event.currentTarget.value)}
        data-autofocus
        // It was opened to write in it.
        autoFocus
        mb="sm"
      />
      <Failure error={query.error} />
      {asked.length > 1 && query.isPending && <Loader size="sm" aria-label={t('parts:loading')} />}
      {query.data && fitting.length === 0 && !query.hasNextPage && (
        <Text c="var(--quiet)" size="sm" role="status">
          {t('search.nothing')}
        </Text>
      )}
      <ul className={classes.list}>
        {fitting.map((message) => (
          <li key={message.id}>
            <button type="button" className={classes.hit} onClick={() => onGoTo(message.id)}>
              <span className={classes.when}>
                {t(`bubble.quoted.${message.direction}`)} · {dateTime(message.sent_at)}
              </span>
              <span className={classes.words} data-words dir="auto">
                {found(flat(message.text ?? ''), asked).map((part) => (part.isHit ? <mark key={part.at}>{part.text}</mark> : part.text))}
              </span>
            </button>
          </li>
        ))}
      </ul>
      {query.hasNextPage && (
        <Button variant="default" size="xs" loading={query.isFetchingNextPage} onClick={() => query.fetchNextPage()}>
          {t('parts:more')}
        </Button>
      )}
    </>
  );
}
