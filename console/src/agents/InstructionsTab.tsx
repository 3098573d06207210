import { Alert, Button, Group, SegmentedControl, Text, VisuallyHidden } from '@mantine/core';
import { useHotkeys } from '@mantine/hooks';
import { IconDeviceFloppy } from '@tabler/icons-react';
import { lazy, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';

import { Failure } from '~/parts/Failure';
import { count } from '~/parts/numbers';
import { useMay } from '~/session';

import type { Agent } from './queries';
import { type Draft, MAX_INSTRUCTIONS } from './draft';
import { gapsIn } from './editor/gaps';
import { useEditorWords } from './editor/words';
import classes from './Instructions.module.css';
import type { Chat } from './playground/chat';
import { Playground } from './playground/Playground';
import { useInstructionTokens } from './playground/preview';

const CodeEditor = lazy(() => import('./editor/CodeEditor'));

const isMac = /Mac|iPhone|iPad/.test(navigator.platform);

/** The instructions, and beside them what they lead to. */
export function InstructionsTab({
  agent,
  draft,
  chat,
  onVersions,
}: {
  agent: Agent;
  draft: Draft;
  chat: Chat;
  onVersions: () => void;
}) {
  const { t } = useTranslation(['agents', 'parts']);
  const mayChange = useMay('editor');
  const words = useEditorWords();
  const [side, setSide] = useState<'write' | 'try'>('write');
  const save = () => void draft.save();
  useHotkeys([['mod+S', save]], []);

  return (
    <>
      <SegmentedControl
        fullWidth
        className={classes.sides}
        mb="sm"
        value={side}
        onChange={(chosen) => setSide(chosen as 'write' | 'try')}
        data={[
          { value: 'write', label: t('sides.write') },
          { value: 'try', label: t('sides.try') },
        ]}
      />
      <div className={classes.columns} data-side={side}>
        <section className={`${classes.panel} ${classes.write}`} aria-label={t('tabs.instructions')}>
          <VisuallyHidden component="h2">{t('tabs.instructions')}</VisuallyHidden>
          <Group className={classes.bar} justify="space-between" gap="xs">
            <Text size="sm" c="var(--quiet)" aria-live="polite">
              {!mayChange ? t('parts:notAllowed') : draft.isDirty ? t('unsaved.short') : t('unsaved.none')}
            </Text>
            {mayChange && (
              <Group gap="xs">
                {draft.isDirty && (
                  <Button size="xs" variant="default" onClick={draft.discard}>
                    {t('unsaved.discard')}
                  </Button>
                )}
                <Button
                  size="xs"
                  leftSection={<IconDeviceFloppy size={16} />}
                  onClick={save}
                  loading={draft.saving}
                  disabled={!draft.isDirty || !draft.isFine || draft.theirs !== null}
                  title={isMac ? '⌘S' : 'Ctrl+S'}
                >
                  {t('save')}
                </Button>
              </Group>
            )}
          </Group>
          {draft.theirs && <Theirs draft={draft} onVersions={onVersions} />}
          <Failure error={draft.error} />
          <div className={classes.editor}>
            <Suspense fallback={<pre className={classes.waiting}>{draft.text}</pre>}>
              <CodeEditor
                value={draft.text}
                onChange={draft.setText}
                onSave={save}
                readOnly={!mayChange}
                label={t('editor.label')}
                words={words}
              />
            </Suspense>
          </div>
          <Foot agent={agent} text={draft.text} />
        </section>
        <div className={classes.try}>
          <Playground agent={agent} draft={draft} chat={chat} />
        </div>
      </div>
    </>
  );
}

/** Somebody else saved meanwhile: which text shall it be? */
function Theirs({ draft, onVersions }: { draft: Draft; onVersions: () => void }) {
  const { t } = useTranslation('agents');
  return (
    <Alert color="orange" radius={0} title={t('theirs.title', { version: draft.theirs?.version })}>
      <Text size="sm">{t('theirs.text')}</Text>
      <Group gap="xs" mt="sm">
        <Button size="xs" variant="default" onClick={onVersions}>
          {t('theirs.look')}
        </Button>
        <Button size="xs" variant="default" onClick={draft.takeTheirs}>
          {t('theirs.take')}
        </Button>
        <Button size="xs" onClick={draft.keepMine}>
          {t('theirs.keep')}
        </Button>
      </Group>
    </Alert>
  );
}

/** How long the text is, for the model and for the API, and what to know of it. */
function Foot({ agent, text }: { agent: Agent; text: string }) {
  const { t } = useTranslation('agents');
  const counted = useInstructionTokens(agent, text);
  const gaps = gapsIn(text);
  const isTooLong = text.length > MAX_INSTRUCTIONS;
  return (
    <div className={classes.foot}>
      {gaps.length > 0 && (
        <Text size="xs" className={classes.note} mb={6}>
          {t('editor.gaps', { gaps: gaps.slice(0, 3).join(', ') })}
        </Text>
      )}
      {counted.isCut && (
        <Text size="xs" c="var(--mantine-color-error)" mb={6} role="alert">
          {t('editor.cut')}
        </Text>
      )}
      <Group justify="space-between" gap="xs">
        <Text size="xs" c="var(--quiet)" aria-live="off">
          {t(counted.isExact ? 'editor.tokens' : 'editor.tokensAbout', {
            count: counted.tokens,
            number: count(counted.tokens),
          })}
        </Text>
        <Text size="xs" c={isTooLong ? 'var(--mantine-color-error)' : 'var(--quiet)'}>
          {t('editor.characters', { number: count(text.length), most: count(MAX_INSTRUCTIONS) })}
        </Text>
      </Group>
    </div>
  );
}
