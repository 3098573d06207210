import { Button, Group, SimpleGrid, Stack, TagsInput, Text, Textarea } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import type { Schemas } from '~/api/client';
import { Failure, notifyDone } from '~/parts/Failure';
import { Panel } from '~/parts/Panel';
import { useUpdateWorkspace } from './useUpdateWorkspace';

const MOST_WORDS = 100;
const MOST_CHARS = 60;

/** The words with which customers opt out and in, and what is said to them. */
export function ConsentPanel({ workspace }: { workspace: Schemas['Workspace'] }) {
  const { t } = useTranslation(['settings', 'parts']);
  const update = useUpdateWorkspace(workspace.id);
  const [error, setError] = useState<unknown>(null);
  const words = workspace.consent_words;
  const form = useForm({
    initialValues: {
      opt_out: words.opt_out ?? [],
      opt_in: words.opt_in ?? [],
      opt_out_reply: words.opt_out_reply ?? '',
      opt_in_reply: words.opt_in_reply ?? '',
    },
    validate: {
      opt_out: (list) => (list.some((word) => word.length > MOST_CHARS) ? t('consent.long') : null),
      opt_in: (list) => (list.some((word) => word.length > MOST_CHARS) ? t('consent.long') : null),
    },
  });
  const save = form.onSubmit(async (values) => {
    setError(null);
    try {
      await update({
        consent_words: {
          opt_out: values.opt_out,
          opt_in: values.opt_in,
          opt_out_reply: values.opt_out_reply.trim() || null,
          opt_in_reply: values.opt_in_reply.trim() || null,
        },
      });
      form.resetDirty();
      notifyDone(t('saved'));
    } catch (thrown) {
      setError(thrown);
    }
  });
  return (
    <Panel title={t('consent.title')}>
      <form onSubmit={save}>
        <Stack>
          <Text size="sm" c="var(--quiet)">
            {t('consent.text')}
          </Text>
          <SimpleGrid cols={{ base: 1, sm: 2 }}>
            {(['opt_out', 'opt_in'] as const).map((kind) => (
              <Stack key={kind}>
                <TagsInput
                  label={t(`consent.${kind}`)}
                  description={t('consent.wordsHint')}
                  placeholder={t(`consent.${kind}Example`)}
                  maxTags={MOST_WORDS}
                  {...form.getInputProps(kind)}
                />
                <Textarea
                  label={t(`consent.${kind}_reply`)}
                  placeholder={t('consent.replyAbsent')}
                  autosize
                  minRows={2}
                  maxRows={6}
                  maxLength={1000}
                  {...form.getInputProps(`${kind}_reply`)}
                />
              </Stack>
            ))}
          </SimpleGrid>
          <Failure error={error} />
          <Group justify="flex-end">
            <Button type="submit" loading={form.submitting} disabled={!form.isDirty()}>
              {t('parts:save')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Panel>
  );
}
