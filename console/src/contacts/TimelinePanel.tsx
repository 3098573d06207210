import { Anchor, Center, Skeleton, Stack, Text } from '@mantine/core';
import {
  IconArrowBackUp,
  IconFlag,
  IconHandGrab,
  IconId,
  IconMessage,
  IconNote,
  IconRobot,
  IconWriting,
} from '@tabler/icons-react';
import { type InfiniteData, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useMemo, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { WindowVirtualizer } from 'virtua';

import { useFeed } from '~/api/feed';
import { Endless } from '~/parts/Endless';
import { Failure } from '~/parts/Failure';
import { Panel } from '~/parts/Panel';
import { clockTime, date, dateTime } from '~/parts/time';
import { readTimeline, type TimelineItem, timelineKey, type TimelinePage, useTimeline } from './queries';
import { useConversations } from './ConversationsPanel';
import classes from './contacts.module.css';
import { newOnes, rowsOf } from './timeline';

const ICONS = {
  message: IconMessage,
  consent: IconWriting,
  task: IconFlag,
  taken: IconHandGrab,
  released: IconArrowBackUp,
  note: IconNote,
  turn: IconRobot,
  identity: IconId,
};

/** All that happened with them, newest first. */
export function TimelinePanel({ contactId }: { contactId: string }) {
  const { t } = useTranslation('contacts');
  const timeline = useTimeline(contactId);
  useNewOnes(contactId);
  const rows = useMemo(() => rowsOf(timeline.data?.pages.flatMap((page) => page.items) ?? []), [timeline.data]);

  return (
    <Panel title={t('timeline.title')}>
      <Failure error={timeline.error} />
      {timeline.isPending && (
        <Stack gap="sm" aria-hidden>
          {[0, 1, 2, 3, 4].map((row) => (
            <Skeleton key={row} h={28} />
          ))}
        </Stack>
      )}
      {timeline.isSuccess && rows.length === 0 && (
        <Text size="sm" c="var(--quiet)">
          {t('timeline.none')}
        </Text>
      )}
      <WindowVirtualizer>
        {rows.map((row) =>
          'day' in row ? (
            <h3 key={row.key} className={classes.day}>
              {date(row.day)}
            </h3>
          ) : (
            <Happened key={row.key} item={row.item} />
          ),
        )}
      </WindowVirtualizer>
      <Endless query={timeline} />
      {timeline.isSuccess && !timeline.hasNextPage && rows.length > 20 && (
        <Center mt="md">
          <Text size="sm" c="var(--quiet)">
            {t('timeline.end')}
          </Text>
        </Center>
      )}
    </Panel>
  );
}

function Happened({ item }: { item: TimelineItem }) {
  const { t } = useTranslation('contacts');
  const Icon = ICONS[item.kind] ?? IconMessage;
  const { conversation_id: conversationId, message_id: message } = item;
  return (
    <div className={classes.item} data-link={!!conversationId || undefined}>
      <span className={classes.icon} data-kind={item.kind}>
        <Icon size={16} stroke={1.7} aria-hidden />
      </span>
      <div style={{ minWidth: 0 }}>
        <Text size="xs" c="var(--quiet)">
          {t(`timeline.kind.${item.kind}`)}
        </Text>
        {conversationId ? (
          <Anchor
            component={Link}
            to="/inbox/$conversationId"
            params={{ conversationId } as never}
            search={(message ? { message } : {}) as never}
            size="sm"
            c="var(--mantine-color-text)"
            className={classes.whole}
          >
            <span data-words>{item.summary}</span>
          </Anchor>
        ) : (
          <Text size="sm" data-words>
            {item.summary}
          </Text>
        )}
      </div>
      <Text component="time" size="xs" c="var(--quiet)" dateTime={item.at} title={dateTime(item.at)}>
        {clockTime(item.at)}
      </Text>
    </div>
  );
}

/** Puts what happens now on top. The pages below stay as they are, however many were read. */
function useNewOnes(contactId: string) {
  const queryClient = useQueryClient();
  const conversations = useConversations(contactId);
  const asking = useRef(false);

  const look = async () => {
    if (asking.current) return;
    asking.current = true;
    try {
      // What belongs together comes together.
      await new Promise((done) => setTimeout(done, 500));
      const newest = await readTimeline(contactId);
      const key = timelineKey(contactId);
      const known = queryClient.getQueryData<InfiniteData<TimelinePage>>(key);
      const [first, ...rest] = known?.pages ?? [];
      const added = first && newOnes(newest.items, first.items);
      if (!known || !added) return void (await queryClient.invalidateQueries({ queryKey: key }));
      queryClient.setQueryData(key, { ...known, pages: [{ ...first, items: [...added, ...first.items] }, ...rest] });
    } catch {
      // The list as it stands is still true; the next event asks again.
    } finally {
      asking.current = false;
    }
  };
  const isTheirs = (id: string) =>
    conversations.data?.pages.some((page) => page.items.some((conversation) => conversation.id === id));
  useFeed('message', ({ conversation_id }) => void (isTheirs(conversation_id) && look()));
  useFeed('note', ({ note }) => void (isTheirs(note.conversation_id) && look()));
  useFeed('conversation', ({ conversation }) => void (conversation.contact.id === contactId && look()));
}
