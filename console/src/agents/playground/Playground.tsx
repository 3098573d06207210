import { ActionIcon, Button, Group, Loader, ScrollArea, SegmentedControl, Text, Textarea, Tooltip, VisuallyHidden } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { IconRotate, IconSend2 } from '@tabler/icons-react';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';

import { useFound } from '~/knowledge/found';
import { useLiveFiles } from '~/knowledge/live';
import { count } from '~/parts/numbers';
import { useMay } from '~/session';
import { readTrace } from '~/why/trace';

import type { Agent } from '../queries';
import type { Draft } from '../draft';
import { type Chat, historyOf } from './chat';
import { ChatView } from './ChatView';
import { PassagesView } from './PassagesView';
import classes from './Playground.module.css';
import { usePreview } from './preview';
import { PromptView } from './PromptView';
import { ShareBar } from './ShareBar';

type View = 'chat' | 'passages' | 'prompt';

/** As many as the gateway looks up for an answer. */
const PASSAGES = 12;
const MAX_MESSAGE = 20_000;

/** Tries an agent while it is written: what it finds, what the model is told, what it answers. Nothing is sent. */
export function Playground({ agent, draft, chat }: { agent: Agent; draft: Draft; chat: Chat }) {
  const { t } = useTranslation(['agents', 'parts']);
  const mayTry = useMay('editor');
  const [chosen, setChosen] = useState<View>('chat');
  const view = mayTry ? chosen : 'passages';
  const [message, setMessage] = useState('');
  useLiveFiles();

  // What is being written, or else what was asked last.
  const last = chat.lines.findLast((line) => line.from === 'customer');
  const question = message.trim() || last?.text || '';
  const history = useMemo(() => {
    const before = message.trim() ? chat.lines : chat.lines.slice(0, chat.lines.findLastIndex((line) => line.from === 'customer'));
    return historyOf(before);
  }, [chat.lines, message]);
  const preview = usePreview(agent, { message: question, history, instructions: draft.text });
  const [sought] = useDebouncedValue(question, 250);
  const found = useFound(agent.id, sought, PASSAGES);
  const passages = sought === '' ? [] : (found.data?.passages ?? []);
  const shares = readTrace(preview.data?.trace).prompt;
  const asking = { version: agent.version, instructions: draft.isDirty ? draft.text : undefined };

  const send = () => {
    const text = message.trim();
    if (!text || chat.busy || draft.text.trim() === '') return;
    chat.send(text, asking);
    setMessage('');
    setChosen('chat');
  };

  return (
    <section className={classes.playground} aria-label={t('playground.title')}>
      <VisuallyHidden component="h2">{t('playground.title')}</VisuallyHidden>
      <Group className={classes.head} justify="space-between" wrap="nowrap" gap="xs">
        {mayTry ? (
          <SegmentedControl
            size="xs"
            value={view}
            onChange={(to) => setChosen(to as View)}
            data={[
              { value: 'chat', label: t('playground.chat') },
              {
                value: 'passages',
                label: sought ? t('playground.passagesCount', { number: count(passages.length) }) : t('playground.passages'),
              },
              { value: 'prompt', label: t('playground.prompt') },
            ]}
          />
        ) : (
          <Text fw={600} size="sm">
            {t('playground.passages')}
          </Text>
        )}
        <Group gap={6} wrap="nowrap">
          {(preview.isFetching || found.isFetching) && <Loader size={14} />}
          {chat.lines.length > 0 && view === 'chat' && (
            <Tooltip label={t('playground.clear')}>
              <ActionIcon variant="subtle" color="gray" aria-label={t('playground.clear')} onClick={chat.clear}>
                <IconRotate size={17} />
              </ActionIcon>
            </Tooltip>
          )}
        </Group>
      </Group>
      {/* Long prompts and chats are read with the keyboard too. */}
      <ScrollArea
        className={classes.body}
        data-view={view}
        type="auto"
        viewportProps={{ tabIndex: 0, role: 'region', 'aria-label': t(`playground.${view}`) }}
        classNames={{ content: classes.content }}
      >
        {view === 'chat' && (
          <ChatView
            chat={chat}
            onTry={(text) => chat.send(text, asking)}
            onAgain={() => chat.again(asking)}
            isChanged={draft.isDirty}
            version={agent.version}
          />
        )}
        {view === 'passages' && (
          <PassagesView
            passages={passages}
            question={sought}
            error={found.error}
            isPending={found.isPending && sought !== ''}
            leftOut={shares?.passages_left_out ?? 0}
          />
        )}
        {view === 'prompt' && <PromptView preview={preview} instructions={draft.text} hasQuestion={question !== ''} />}
      </ScrollArea>
      <div className={classes.composer}>
        {shares && view === 'chat' && question !== '' && (
          <button type="button" className={classes.strip} onClick={() => setChosen('prompt')}>
            <ShareBar prompt={shares} />
            <span>
              {t('playground.strip', {
                count: passages.length,
                passages: count(passages.length),
                tokens: count(shares.tokens),
              })}
            </span>
          </button>
        )}
        <Group gap="xs" wrap="nowrap" align="flex-end">
          <Textarea
            className={classes.input}
            aria-label={t('playground.write')}
            placeholder={t('playground.write')}
            autosize
            minRows={1}
            maxRows={5}
            maxLength={MAX_MESSAGE}
            value={message}
            onChange={(event) => setMessage(event.currentTarget.value)}
            onKeyDown={(event) => {
              if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing || !mayTry) return;
              event.preventDefault();
              send();
            }}
          />
          {mayTry && (
            <Button
              px="sm"
              onClick={send}
              loading={chat.busy}
              disabled={!message.trim() || draft.text.trim() === ''}
              aria-label={t('playground.send')}
            >
              <IconSend2 size={18} className={classes.flips} />
            </Button>
          )}
        </Group>
        <Text size="xs" c="var(--quiet)" mt={6}>
          {!mayTry ? t('playground.notAllowed') : draft.isDirty ? t('playground.unsaved') : t('playground.nothingSent')}
        </Text>
      </div>
    </section>
  );
}
