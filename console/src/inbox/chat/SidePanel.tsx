import { CloseButton, Drawer, Loader, Title } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { lazy, type ReactNode, Suspense } from 'react';
import { useTranslation } from 'react-i18next';

import type { Conversation, Tried } from '../queries';
import type { Directory } from '../useDirectory';
import classes from './SidePanel.module.css';

const WhyCard = lazy(() => import('~/why/WhyCard').then((module) => ({ default: module.WhyCard })));
const DraftCard = lazy(() => import('~/why/DraftCard').then((module) => ({ default: module.DraftCard })));
const Details = lazy(() => import('../details/Details').then((module) => ({ default: module.Details })));
const SearchIn = lazy(() => import('../details/SearchIn').then((module) => ({ default: module.SearchIn })));

export type Panel =
  | { kind: 'why'; messageId: string }
  | { kind: 'draft'; tried: Tried }
  | { kind: 'details' }
  | { kind: 'search' };

/** What stands beside the chat: a column where there is room, a drawer where there is none. */
export function SidePanel({
  panel,
  conversation,
  directory,
  onClose,
  onGoTo,
}: {
  panel: Panel | undefined;
  conversation: Conversation;
  directory: Directory;
  onClose: () => void;
  onGoTo: (messageId: string) => void;
}) {
  const { t } = useTranslation(['inbox', 'parts', 'why']);
  const isWide = useMediaQuery('(min-width: 80em)', true, { getInitialValueInEffect: false });
  if (!panel) return null;
  const goTo = (messageId: string) => {
    if (!isWide) onClose();
    onGoTo(messageId);
  };
  const titles = { why: t('why:title'), draft: t('why:draftTitle'), details: t('chat.details'), search: t('chat.search') };
  const title = titles[panel.kind];
  const content = (
    <Suspense fallback={<Loader size="sm" aria-label={t('parts:loading')} />}>
      <Content panel={panel} conversation={conversation} directory={directory} onGoTo={goTo} />
    </Suspense>
  );
  if (!isWide) {
    return (
      <Drawer opened onClose={onClose} title={title} position="right" size={420} data-panel>
        {content}
      </Drawer>
    );
  }
  return (
    <aside className={classes.side} aria-label={title}>
      <header className={classes.head}>
        <Title order={2} size="h4">
          {title}
        </Title>
        <CloseButton aria-label={t('parts:close')} onClick={onClose} />
      </header>
      <div className={classes.body}>{content}</div>
    </aside>
  );
}

function Content({
  panel,
  conversation,
  directory,
  onGoTo,
}: {
  panel: Panel;
  conversation: Conversation;
  directory: Directory;
  onGoTo: (messageId: string) => void;
}): ReactNode {
  const agentName = directory.agentName(conversation.agent_id);
  switch (panel.kind) {
    case 'why':
      return <WhyCard key={panel.messageId} messageId={panel.messageId} agentName={agentName} onGoTo={onGoTo} />;
    case 'draft':
      return <DraftCard tried={panel.tried} />;
    case 'details':
      return <Details conversation={conversation} directory={directory} />;
    case 'search':
      return <SearchIn conversationId={conversation.id} onGoTo={onGoTo} />;
  }
}
