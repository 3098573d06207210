import { Anchor, Group, Skeleton, Text, Title } from '@mantine/core';
import { useQueries } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';

import { $api, type Schemas } from '~/api/client';
import { Tag } from '~/parts/Tag';
import classes from './events.module.css';

const MOST = 20;

/** The messages that a webhook made or changed, and how they ended. */
export function Became({ wamids }: { wamids: string[] }) {
  const { t } = useTranslation('events');
  const found = useQueries({
    queries: wamids
      .slice(0, MOST)
      .map((wamid) => $api.queryOptions('get', '/api/v1/messages', { params: { query: { wamid, limit: 10 } } })),
  });
  const messages = found.flatMap((query) => query.data?.items ?? []);
  const isPending = found.some((query) => query.isPending);
  return (
    <section>
      <Title order={3} size="h5" mb="sm">
        {t('became.title')}
      </Title>
      {isPending && messages.length === 0 && <Skeleton h={56} radius="md" />}
      {!isPending && messages.length === 0 && (
        <Text size="sm" c="var(--quiet)">
          {t(wamids.length > 0 ? 'became.none' : 'became.noMessages')}
        </Text>
      )}
      <ul className={classes.became}>
        {messages.map((message) => (
          <Made key={message.id} message={message} />
        ))}
      </ul>
      {wamids.length > MOST && (
        <Text size="sm" c="var(--quiet)" mt="xs">
          {t('became.more', { count: wamids.length - MOST })}
        </Text>
      )}
    </section>
  );
}

function Made({ message }: { message: Schemas['Message'] }) {
  const { t } = useTranslation('events');
  return (
    <li className={classes.message}>
      <Group justify="space-between" wrap="nowrap" gap="sm">
        <Anchor
          component={Link}
          to="/inbox/$conversationId"
          params={{ conversationId: message.conversation_id } as never}
          search={{ message: message.id } as never}
          size="sm"
          fw={600}
          className={classes.whole}
        >
          {t(`became.${message.direction}`, { type: message.type })}
        </Anchor>
        {message.direction === 'inbound' ? (
          <Tag tone={message.outcome ? 'plain' : 'new'}>{t(`outcome.${message.outcome ?? 'open'}`)}</Tag>
        ) : (
          message.status && (
            <Tag tone={message.status === 'failed' ? 'bad' : 'plain'}>{t(`sent.${message.status}`)}</Tag>
          )
        )}
      </Group>
      {message.text && (
        <Text size="sm" lineClamp={2} data-words>
          {message.text}
        </Text>
      )}
      {message.outcome_reason && (
        <Text size="xs" c="var(--quiet)" data-words>
          {message.outcome_reason}
        </Text>
      )}
    </li>
  );
}
