import { ActionIcon, Button, Group, Stack, Text, TextInput, Tooltip } from '@mantine/core';
import { useForm } from '@mantine/form';
import { IconPlus, IconTrash } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { Failure, notifyFailure } from '~/parts/Failure';
import { Panel } from '~/parts/Panel';
import { useMay } from '~/session';
import { updateFields, useRefreshContact } from './queries';
import { EditInPlace } from './EditInPlace';
import classes from './contacts.module.css';

const MOST = 50;
const LONGEST_NAME = 60;
const LONGEST_VALUE = 1000;

/** What the business knows of them beyond WhatsApp, in names of its own. */
export function FieldsPanel({ contactId, fields }: { contactId: string; fields: Record<string, string> }) {
  const { t } = useTranslation(['contacts', 'parts']);
  const refresh = useRefreshContact(contactId);
  const mayChange = useMay('operator');
  const [adding, setAdding] = useState(false);
  const names = Object.keys(fields).sort((a, b) => a.localeCompare(b));

  const change = async (change: Record<string, string | null>) => {
    await updateFields(contactId, change);
    await refresh();
  };
  const add = mayChange && names.length < MOST && !adding && (
    <Button size="xs" variant="default" leftSection={<IconPlus size={16} />} onClick={() => setAdding(true)}>
      {t('fields.add')}
    </Button>
  );

  return (
    <Panel title={t('fields.title')} actions={add}>
      {names.length === 0 && !adding && (
        <Text size="sm" c="var(--quiet)">
          {t('fields.none')}
        </Text>
      )}
      <ul className={classes.plain}>
        {names.map((name) => (
          <li key={name} className={classes.field}>
            <span className={classes.fieldName} data-words>
              {name}
            </span>
            <div>
              <EditInPlace
                label={name}
                value={fields[name]}
                none="–"
                maxLength={LONGEST_VALUE}
                multiline
                disabled={!mayChange && t('parts:notAllowed')}
                onSave={(value) => change({ [name]: value || null })}
              />
            </div>
            {mayChange && (
              <Tooltip label={t('fields.remove', { name })}>
                <ActionIcon
                  variant="subtle"
                  color="gray"
                  size={24}
                  aria-label={t('fields.remove', { name })}
                  onClick={() => change({ [name]: null }).catch(notifyFailure)}
                >
                  <IconTrash size={15} />
                </ActionIcon>
              </Tooltip>
            )}
          </li>
        ))}
      </ul>
      {adding && <NewField taken={names} onAdd={change} onClose={() => setAdding(false)} />}
    </Panel>
  );
}

function NewField({
  taken,
  onAdd,
  onClose,
}: {
  taken: string[];
  onAdd: (fields: Record<string, string>) => Promise<void>;
  onClose: () => void;
}) {
  const { t } = useTranslation(['contacts', 'parts']);
  const [error, setError] = useState<unknown>(null);
  const form = useForm({
    initialValues: { name: '', value: '' },
    validate: {
      name: (name) => (taken.includes(name.trim()) ? t('fields.taken') : null),
    },
  });
  const add = form.onSubmit(async ({ name, value }) => {
    setError(null);
    try {
      await onAdd({ [name.trim()]: value.trim() });
      onClose();
    } catch (thrown) {
      setError(thrown);
    }
  });
  return (
    <form onSubmit={add}>
      <Stack gap="xs" mt="sm">
        <Group grow align="flex-start" gap="xs">
          <TextInput
            label={t('fields.name')}
            placeholder={t('fields.nameExample')}
            required
            autoFocus
            maxLength={LONGEST_NAME}
            {...form.getInputProps('name')}
          />
          <TextInput label={t('fields.value')} required maxLength={LONGEST_VALUE} {...form.getInputProps('value')} />
        </Group>
        <Failure error={error} />
        <Group justify="flex-end" gap="xs">
          <Button size="xs" variant="default" onClick={onClose}>
            {t('parts:cancel')}
          </Button>
          <Button size="xs" type="submit" loading={form.submitting}>
            {t('fields.add')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
