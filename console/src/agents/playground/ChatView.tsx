import { Button, Center, Group, Loader, Stack, Text } from '@mantine/core';
import { IconRefresh } from '@tabler/icons-react';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';

import { Words } from '~/inbox/format/Words';
import { Failure } from '~/parts/Failure';

import type { Chat, ChatLine } from './chat';
import { fromMarkdown } from './fromMarkdown';
import classes from './Playground.module.css';
import { TraceCard } from './TraceCard';

const EXAMPLES = ['hours', 'price', 'person'] as const;

/** What was said while trying. */
export function ChatView({
  chat,
  onTry,
  onAgain,
  isChanged,
  version,
}: {
  chat: Chat;
  onTry: (text: string) => void;
  onAgain: () => void;
  /** The instructions are not those of a version. */
  isChanged: boolean;
  version: number;
}) {
  const { t } = useTranslation('agents');
  const end = useRef<HTMLDivElement>(null);
  useEffect(() => {
    // Newer browsers answer with a promise, which is nothing to clean up with.
    void end.current?.scrollIntoView({ block: 'nearest' });
  }, [chat.lines]);

  if (chat.lines.length === 0) {
    return (
      <Center flex={1}>
        <Stack align="center" gap="xs" ta="center" py="xl">
          <Text fw={600}>{t('playground.empty.title')}</Text>
          <Text size="sm" c="var(--quiet)" maw={300}>
            {t('playground.empty.text')}
          </Text>
          <Group gap={6} justify="center" mt={4}>
            {EXAMPLES.map((example) => (
              <Button
                key={example}
                size="compact-sm"
                variant="default"
                radius="xl"
                fw={400}
                onClick={() => onTry(t(`playground.examples.${example}`))}
              >
                {t(`playground.examples.${example}`)}
              </Button>
            ))}
          </Group>
        </Stack>
      </Center>
    );
  }
  const last = chat.lines.at(-1);
  const isOld = last?.from === 'agent' && (last.version === 'unsaved' ? !isChanged : last.version !== version || isChanged);
  return (
    <>
      <ol className={classes.bubbles} aria-live="polite">
        {chat.lines.map((line) =>
          line.from === 'customer' ? (
            <li key={line.key} className={`${classes.bubble} ${classes.customer}`}>
              <Words text={line.text} />
            </li>
          ) : (
            <Answer key={line.key} line={line} />
          ),
        )}
      </ol>
      {!chat.busy && last?.from === 'agent' && (
        <Group mt="sm" gap="xs">
          <Button size="compact-xs" variant="default" leftSection={<IconRefresh size={14} />} onClick={onAgain}>
            {t('playground.again')}
          </Button>
          {isOld && (
            <Text size="xs" c="var(--quiet)">
              {t('playground.older')}
            </Text>
          )}
        </Group>
      )}
      <div ref={end} />
    </>
  );
}

function Answer({ line }: { line: Extract<ChatLine, { from: 'agent' }> }) {
  const { t } = useTranslation('agents');
  if (line.error) {
    return (
      <li>
        <Failure error={line.error} />
      </li>
    );
  }
  if (!line.tried) {
    return (
      <li className={`${classes.bubble} ${classes.agent}`}>
        <Loader type="dots" size={26} aria-label={t('playground.thinks')} />
      </li>
    );
  }
  return (
    <>
      {line.tried.reply && (
        <li className={`${classes.bubble} ${classes.agent}`}>
          <Words text={fromMarkdown(line.tried.reply)} />
        </li>
      )}
      {line.tried.hand_over && (
        <li className={classes.told}>
          {t('playground.handOver')} <span data-words>{line.tried.hand_over}</span>
        </li>
      )}
      <li className={classes.under}>
        <TraceCard tried={line.tried} took={line.took} version={line.version} />
      </li>
    </>
  );
}
