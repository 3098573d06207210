import { Kbd, Text, Title } from '@mantine/core';
import { useNavigate, useParams } from '@tanstack/react-router';
import { useCallback, useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';

import { Chat, type ChatHandle } from './chat/Chat';
import { listSearch } from './filters';
import classes from './Inbox.module.css';
import { ConversationList, type ListHandle } from './list/ConversationList';
import { usePresenceFeed } from './presence';
import { useDirectory } from './useDirectory';
import { useCounts, useInboxFeed } from './useInboxFeed';
import { useInboxKeys } from './useInboxKeys';

/** All conversations, and the one that is open. */
export function InboxPage() {
  const { t } = useTranslation('inbox');
  const { conversationId: open } = useParams({ strict: false });
  const navigate = useNavigate();
  const directory = useDirectory();
  const counts = useCounts();
  const list = useRef<ListHandle>(null);
  const chat = useRef<ChatHandle>(null);
  useInboxFeed(open);
  usePresenceFeed();

  const unread = counts?.unread ?? 0;
  useEffect(() => {
    document.title = `${unread > 0 ? `(${unread}) ` : ''}${t('title')} · Switchboard`;
  }, [unread, t]);

  const leave = useCallback(
    () => void navigate({ to: '/inbox', search: listSearch }),
    [navigate],
  );
  useInboxKeys({ list, chat, leave, open });

  return (
    <div className={classes.inbox} data-open={open ? true : undefined}>
      <div className={classes.list}>
        <ConversationList open={open} counts={counts} directory={directory} handle={list} />
      </div>
      <div className={classes.chat}>
        {open ? (
          <Chat key={open} id={open} directory={directory} handle={chat} onBack={leave} />
        ) : (
          <div className={classes.empty}>
            <div>
              <Title order={2} size="h4">
                {t('chat.none')}
              </Title>
              <Text c="var(--quiet)" mt={6}>
                {t('chat.noneText')} <Kbd>j</Kbd> <Kbd>k</Kbd>
              </Text>
            </div>
          </div>
        )}
      </div>
    </div>
  );
}
