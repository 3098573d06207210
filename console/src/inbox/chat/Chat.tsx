import { Button, Center, Loader, Text } from '@mantine/core';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { lazy, type RefObject, Suspense, useCallback, useEffect, useImperativeHandle, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';

import { ApiFailure } from '~/api/client';
import { Failure } from '~/parts/Failure';
import { Nothing } from '~/parts/Nothing';
import { useMay } from '~/session';

import type { Conversation, Message, Tried } from '../queries';
import { Composer, type ComposerHandle, type Mode } from '../composer/Composer';
import { ComposerContext } from '../composer/ComposerContext';
import { type Content, discard } from '../composer/outbox';
import { useAttachments } from '../composer/useAttachments';
import { useSend } from '../composer/useSend';
import { listSearch } from '../filters';
import type { Directory } from '../useDirectory';
import { type ChatActions, ChatContext } from './actions';
import { Announcer } from './Announcer';
import { BubbleMenu, type MenuFor } from './BubbleMenu';
import classes from './Chat.module.css';
import { ChatHead } from './ChatHead';
import { Messages, type MessagesHandle } from './Messages';
import { type Panel, SidePanel } from './SidePanel';
import { TaskStrip } from './TaskStrip';
import { useDrop } from './useDrop';
import { useRead } from './useMarkRead';
import { useConversation } from './useMessages';
import { useOwnership } from './useOwnership';

const Lightbox = lazy(() => import('../bubbles/Lightbox').then((module) => ({ default: module.Lightbox })));

export interface ChatHandle {
  take: () => void;
  release: () => void;
  read: () => void;
  why: () => void;
  write: (mode: Mode) => void;
  /** Whether there was one to close. */
  closePanel: () => boolean;
}

/** One conversation: what was said, and where one writes. */
export function Chat({
  id,
  directory,
  handle,
  onBack,
}: {
  id: string;
  directory: Directory;
  handle: RefObject<ChatHandle | null>;
  onBack: () => void;
}) {
  const { t } = useTranslation(['inbox', 'parts']);
  const { data: conversation, error, isPending } = useConversation(id);
  if (conversation) return <Open conversation={conversation} directory={directory} handle={handle} onBack={onBack} />;
  const isGone = error instanceof ApiFailure && (error.status === 404 || error.status === 400);
  return (
    <Center className={classes.none}>
      {isPending && <Loader aria-label={t('parts:loading')} />}
      {isGone && (
        <Nothing
          title={t('chat.gone')}
          text={t('chat.goneText')}
          action={
            <Button variant="default" onClick={onBack}>
              {t('parts:back')}
            </Button>
          }
        />
      )}
      {error && !isGone && <Failure error={error} />}
    </Center>
  );
}

function Open({
  conversation,
  directory,
  handle,
  onBack,
}: {
  conversation: Conversation;
  directory: Directory;
  handle: RefObject<ChatHandle | null>;
  onBack: () => void;
}) {
  const { t } = useTranslation(['inbox', 'parts']);
  const { id } = conversation;
  const navigate = useNavigate();
  const { message: linked } = useSearch({ strict: false });
  const mayWrite = useMay('operator');
  const [panel, setPanel] = useState<Panel>();
  const [menu, setMenu] = useState<MenuFor>();
  const [large, setLarge] = useState<Message>();
  const [replyTo, setReplyTo] = useState<Message>();
  const messages = useRef<MessagesHandle>(null);
  const composer = useRef<ComposerHandle>(null);
  const files = useAttachments();
  const ownership = useOwnership(id);
  const read = useRead();
  const sender = useSend(id, useCallback(() => messages.current?.newest(), []));
  const agentName = directory.agentName(conversation.agent_id);

  const goTo = useCallback((messageId: string) => messages.current?.goTo(messageId), []);
  const actions = useMemo<ChatActions>(
    () => ({
      why: (message) => setPanel({ kind: 'why', messageId: message.id }),
      reply: (message) => {
        setReplyTo(message);
        composer.current?.write('message');
      },
      goTo,
      menu: (message, anchor) => setMenu({ message, anchor }),
      look: setLarge,
      mayWrite,
      agentName,
    }),
    [goTo, mayWrite, agentName],
  );
  const pendingActions = useMemo(
    () => ({
      again: sender.again,
      edit: (pending: Parameters<typeof discard>[0]) => {
        composer.current?.put(pending.text ?? '');
        discard(pending);
      },
    }),
    [sender.again],
  );

  // An address may name a message: it is gone to once, and then left out of the address.
  useEffect(() => {
    if (!linked) return;
    goTo(linked);
    void navigate({ to: '.', search: listSearch, replace: true });
  }, [linked, goTo, navigate]);

  const closePanel = () => {
    setPanel(undefined);
    return panel !== undefined;
  };
  useImperativeHandle(handle, () => ({
    take: () => mayWrite && void ownership.take(),
    release: () => mayWrite && void ownership.release(),
    read: () => mayWrite && void read(conversation),
    why: () => {
      const newest = messages.current?.newest();
      if (panel?.kind === 'why') setPanel(undefined);
      else if (newest) setPanel({ kind: 'why', messageId: newest.id });
    },
    write: (mode) => composer.current?.write(mode),
    closePanel,
  }));

  const react = (message: Message, emoji: string) => {
    const content = { type: 'reaction', reaction: { message_id: message.wamid, emoji } } as Content;
    void sender.send({ content, text: emoji });
  };
  const drop = useDrop(files.add, mayWrite);

  return (
    <ChatContext value={actions}>
      <ComposerContext value={pendingActions}>
        <section className={classes.chat} aria-label={t('chat.label')} {...drop.handlers}>
          <ChatHead
            conversation={conversation}
            directory={directory}
            ownership={ownership}
            panel={panel?.kind}
            onPanel={(kind) => setPanel(panel?.kind === kind ? undefined : { kind })}
            onBack={onBack}
          />
          <TaskStrip conversation={conversation} ownership={ownership} />
          <Messages conversation={conversation} handle={messages} />
          {mayWrite ? (
            <Composer
              conversation={conversation}
              directory={directory}
              files={files}
              sender={sender}
              replyTo={replyTo}
              onReplyTo={setReplyTo}
              onDraftWhy={(tried: Tried) => setPanel({ kind: 'draft', tried })}
              handle={composer}
            />
          ) : (
            <Text className={classes.looksOnly} c="var(--quiet)" size="sm">
              {t('parts:notAllowed')}
            </Text>
          )}
          {drop.isOver && <div className={classes.drop}>{t('files.drop')}</div>}
        </section>
        <Announcer conversation={conversation} />
        <SidePanel panel={panel} conversation={conversation} directory={directory} onClose={closePanel} onGoTo={goTo} />
        {menu && <BubbleMenu of={menu} onClose={() => setMenu(undefined)} onReact={react} />}
        <Suspense>{large && <Lightbox message={large} onClose={() => setLarge(undefined)} />}</Suspense>
      </ComposerContext>
    </ChatContext>
  );
}
