import { Anchor, Button, Group, Skeleton, Stack, Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';

import { $api, type Schemas } from '~/api/client';
import { Failure } from '~/parts/Failure';
import { useFreshen } from '~/parts/freshen';
import { nameIn, type Named, useNumbers } from '~/parts/names';
import { paged } from '~/parts/PagedTable';
import { Panel } from '~/parts/Panel';
import { Tag } from '~/parts/Tag';
import { Ago } from '~/parts/time';
import classes from './contacts.module.css';

/** One for each number they wrote to. */
export function ConversationsPanel({ contactId }: { contactId: string }) {
  const { t } = useTranslation(['contacts', 'parts']);
  const numbers = useNumbers();
  const conversations = useConversations(contactId);
  useFreshen('conversation', ['get', '/api/v1/conversations'], {
    concerns: ({ conversation }) => conversation.contact.id === contactId,
  });
  const items = conversations.data?.pages.flatMap((page) => page.items) ?? [];

  return (
    <Panel title={t('conversations.title')}>
      <Failure error={conversations.error} />
      {conversations.isPending && <Skeleton h={48} />}
      {conversations.isSuccess && items.length === 0 && (
        <Text size="sm" c="var(--quiet)">
          {t('conversations.none')}
        </Text>
      )}
      <Stack gap={4} component="ul" className={classes.plain}>
        {items.map((conversation) => (
          <Line key={conversation.id} conversation={conversation} numbers={numbers} />
        ))}
      </Stack>
      {conversations.hasNextPage && (
        <Button size="xs" variant="default" onClick={() => conversations.fetchNextPage()}>
          {t('parts:more')}
        </Button>
      )}
    </Panel>
  );
}

export function useConversations(contactId: string) {
  return $api.useInfiniteQuery(
    'get',
    '/api/v1/conversations',
    { params: { query: { contact_id: contactId, limit: 20 } } },
    paged,
  );
}

function Line({ conversation, numbers }: { conversation: Schemas['Conversation']; numbers: Named[] }) {
  const { t } = useTranslation('contacts');
  const { id, number_id, last_message, last_message_at, unread, task, owner } = conversation;
  return (
    <li className={classes.conversation}>
      <Group justify="space-between" wrap="nowrap" gap="sm">
        <Anchor
          component={Link}
          to="/inbox/$conversationId"
          params={{ conversationId: id } as never}
          fw={600}
          size="sm"
          className={classes.whole}
        >
          {nameIn(numbers, number_id) ?? number_id}
        </Anchor>
        <Ago at={last_message_at} size="xs" c="var(--quiet)" style={{ whiteSpace: 'nowrap' }} />
      </Group>
      <Group justify="space-between" wrap="nowrap" gap="sm">
        <Text size="sm" c="var(--quiet)" truncate component="bdi">
          {last_message?.text ?? last_message?.type}
        </Text>
        <Group gap={6} wrap="nowrap">
          {task && (
            <Tag tone="warn">{t('conversations.task')}</Tag>
          )}
          {owner === 'human' && (
            <Tag tone="new">{t('conversations.human')}</Tag>
          )}
          {unread > 0 && (
            <Tag tone="good">{t('conversations.unread', { count: unread })}</Tag>
          )}
        </Group>
      </Group>
    </li>
  );
}
