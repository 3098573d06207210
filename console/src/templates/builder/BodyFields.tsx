import { ActionIcon, Button, Group, SegmentedControl, SimpleGrid, Stack, Text, Textarea, TextInput, Tooltip } from '@mantine/core';
import { IconBold, IconCode, IconItalic, IconStrikethrough, IconVariable } from '@tabler/icons-react';
import { useRef } from 'react';
import { useTranslation } from 'react-i18next';

import { count } from '~/parts/numbers';

import { namesIn } from '../parts';
import type { FieldProps } from './fields';
import { MAX } from './rules';

const MARKS = [
  ['bold', '*', IconBold],
  ['italic', '_', IconItalic],
  ['struck', '~', IconStrikethrough],
  ['code', '```', IconCode],
] as const;

/** The words, their variables with a sample each, and the line below. */
export function BodyFields({ draft, change, wrong, how }: FieldProps) {
  const { t } = useTranslation('templates');
  const area = useRef<HTMLTextAreaElement>(null);
  const names = namesIn(draft.body);

  /** Puts marks around what is selected, or something in its place. */
  const insert = (before: string, after = '') => {
    const field = area.current;
    if (!field) return;
    const { selectionStart: from, selectionEnd: to } = field;
    const chosen = draft.body.slice(from, to);
    change({ body: `${draft.body.slice(0, from)}${before}${chosen}${after}${draft.body.slice(to)}` });
    requestAnimationFrame(() => {
      field.focus();
      const caret = after ? from + before.length + chosen.length : from + before.length;
      field.setSelectionRange(after && chosen ? from + before.length : caret, caret);
    });
  };
  const addVariable = () => {
    const numbers = names.map(Number).filter(Number.isFinite);
    const free = (at: number): string => (names.includes(`name_${at}`) ? free(at + 1) : `name_${at}`);
    insert(draft.named ? `{{${free(names.length + 1)}}}` : `{{${Math.max(0, ...numbers) + 1}}}`);
  };

  return (
    <Stack>
      <div>
        <Group justify="space-between" mb={6} gap="xs">
          <Group gap={4}>
            {MARKS.map(([name, mark, Icon]) => (
              <Tooltip key={name} label={t(`mark.${name}`)}>
                <ActionIcon variant="default" aria-label={t(`mark.${name}`)} onClick={() => insert(mark, mark)}>
                  <Icon size={16} />
                </ActionIcon>
              </Tooltip>
            ))}
            <Button size="compact-sm" variant="default" leftSection={<IconVariable size={15} />} onClick={addVariable}>
              {t('field.addVariable')}
            </Button>
          </Group>
          <SegmentedControl
            size="xs"
            aria-label={t('field.format')}
            disabled={how === 'edit' || names.length > 0}
            value={draft.named ? 'named' : 'positional'}
            onChange={(format) => change({ named: format === 'named', samples: {} })}
            data={[
              { value: 'positional', label: t('field.numbered') },
              { value: 'named', label: t('field.named') },
            ]}
          />
        </Group>
        <Textarea
          ref={area}
          aria-label={t('field.body')}
          placeholder={t('field.bodyPlaceholder', { one: '{{1}}', two: '{{2}}' })}
          autosize
          minRows={5}
          maxRows={16}
          required
          value={draft.body}
          onChange={(event) => change({ body: event.currentTarget.value })}
          error={wrong('body')}
        />
        <Text size="xs" c={draft.body.length > MAX.body ? 'var(--mantine-color-error)' : 'var(--quiet)'} ta="end" mt={2}>
          {count(draft.body.length)}/{count(MAX.body)}
        </Text>
      </div>
      {names.length > 0 && (
        <div>
          <Text size="sm" fw={500}>
            {t('field.samples')}
          </Text>
          <Text size="xs" c="var(--quiet)" mb="xs">
            {t('field.samplesHint')}
          </Text>
          <SimpleGrid cols={{ base: 1, sm: 2 }}>
            {names.map((name) => (
              <TextInput
                key={name}
                label={<span dir="ltr">{`{{${name}}}`}</span>}
                aria-label={t('field.sampleOf', { name: `{{${name}}}` })}
                maxLength={MAX.sample}
                value={draft.samples[name] ?? ''}
                onChange={(event) => change({ samples: { ...draft.samples, [name]: event.currentTarget.value } })}
                error={wrong(`samples.${name}`)}
              />
            ))}
          </SimpleGrid>
        </div>
      )}
      <TextInput
        label={t('field.footer')}
        description={t('field.footerHint')}
        maxLength={MAX.footer}
        value={draft.footer}
        onChange={(event) => change({ footer: event.currentTarget.value })}
        error={wrong('footer')}
        rightSectionWidth={64}
        rightSection={
          <Text size="xs" c="var(--quiet)">
            {count(draft.footer.length)}/{count(MAX.footer)}
          </Text>
        }
      />
    </Stack>
  );
}
