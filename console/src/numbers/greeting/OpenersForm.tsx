import { ActionIcon, Button, Group, Stack, Text, TextInput, Tooltip } from '@mantine/core';
import { useForm } from '@mantine/form';
import { IconPlus, IconTrash } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { api, ok, type Schemas } from '~/api/client';
import { Failure, notifyDone } from '~/parts/Failure';
import { useMay } from '~/session';
import classes from './OpenersForm.module.css';

const MOST_PROMPTS = 4;
const MOST_COMMANDS = 30;

type Openers = Schemas['ConversationalComponents'];

const valuesOf = (there: Openers) => ({
  prompts: there.prompts.map((text) => ({ text })),
  commands: there.commands.map(({ command_name, command_description }) => ({ command_name, command_description })),
});

/** Prompts to tap and commands to type, which customers are offered before they write. */
export function OpenersForm({ id, there }: { id: string; there: Openers }) {
  const { t } = useTranslation(['numbers', 'parts']);
  const isAdmin = useMay();
  const queryClient = useQueryClient();
  const [error, setError] = useState<unknown>(null);
  const form = useForm({ initialValues: valuesOf(there) });

  const save = form.onSubmit(async ({ prompts, commands }) => {
    setError(null);
    try {
      const path = '/api/v1/numbers/{number_id}/conversational-components';
      const body = {
        prompts: prompts.map(({ text }) => text.trim()).filter((text) => text !== ''),
        commands: commands.map((command) => ({
          command_name: command.command_name.trim().replace(/^\//, ''),
          command_description: command.command_description.trim(),
        })),
      };
      const saved = await ok(api.PUT(path, { params: { path: { number_id: id } }, body }));
      queryClient.setQueryData(['get', path, { params: { path: { number_id: id } } }], saved);
      form.setInitialValues(valuesOf(saved));
      form.setValues(valuesOf(saved));
      notifyDone(t('openers.saved'));
    } catch (thrown) {
      setError(thrown);
    }
  });

  return (
    <form onSubmit={save}>
      <Stack gap="lg">
        <section>
          <Text component="h3" fw={600} size="sm">
            {t('openers.prompts')}
          </Text>
          <Text size="sm" c="var(--quiet)" mb="xs">
            {t('openers.promptsText')}
          </Text>
          <Stack gap="xs">
            {form.values.prompts.map((_, at) => (
              <Group key={at} gap="xs" wrap="nowrap">
                <TextInput
                  className={classes.wide}
                  aria-label={t('openers.prompt', { at: at + 1 })}
                  placeholder={t('example.prompt')}
                  maxLength={80}
                  disabled={!isAdmin}
                  {...form.getInputProps(`prompts.${at}.text`)}
                />
                {isAdmin && <RemoveRow onClick={() => form.removeListItem('prompts', at)} />}
              </Group>
            ))}
            {isAdmin && form.values.prompts.length < MOST_PROMPTS && (
              <AddRow label={t('openers.addPrompt')} onClick={() => form.insertListItem('prompts', { text: '' })} />
            )}
          </Stack>
        </section>
        <section>
          <Text component="h3" fw={600} size="sm">
            {t('openers.commands')}
          </Text>
          <Text size="sm" c="var(--quiet)" mb="xs">
            {t('openers.commandsText')}
          </Text>
          <Stack gap="xs">
            {form.values.commands.map((_, at) => (
              <div key={at} className={classes.command}>
                <TextInput
                  aria-label={t('openers.command', { at: at + 1 })}
                  placeholder={t('example.command')}
                  leftSection="/"
                  maxLength={32}
                  required
                  disabled={!isAdmin}
                  {...form.getInputProps(`commands.${at}.command_name`)}
                />
                <TextInput
                  aria-label={t('openers.meaning', { at: at + 1 })}
                  placeholder={t('example.meaning')}
                  maxLength={256}
                  required
                  disabled={!isAdmin}
                  {...form.getInputProps(`commands.${at}.command_description`)}
                />
                {isAdmin && <RemoveRow onClick={() => form.removeListItem('commands', at)} />}
              </div>
            ))}
            {isAdmin && form.values.commands.length < MOST_COMMANDS && (
              <AddRow
                label={t('openers.addCommand')}
                onClick={() => form.insertListItem('commands', { command_name: '', command_description: '' })}
              />
            )}
          </Stack>
        </section>
        <Failure error={error} />
        {isAdmin ? (
          <Group justify="flex-end">
            <Button type="submit" loading={form.submitting} disabled={!form.isDirty()}>
              {t('profile.save')}
            </Button>
          </Group>
        ) : (
          <Text size="sm" c="var(--quiet)">
            {t('parts:notAllowed')}
          </Text>
        )}
      </Stack>
    </form>
  );
}

function AddRow({ label, onClick }: { label: string; onClick: () => void }) {
  return (
    <Group>
      <Button variant="default" size="xs" leftSection={<IconPlus size={16} />} onClick={onClick}>
        {label}
      </Button>
    </Group>
  );
}

function RemoveRow({ onClick }: { onClick: () => void }) {
  const { t } = useTranslation('parts');
  return (
    <Tooltip label={t('remove')}>
      <ActionIcon variant="subtle" color="gray" size="lg" onClick={onClick} aria-label={t('remove')}>
        <IconTrash size={18} />
      </ActionIcon>
    </Tooltip>
  );
}
