import { Button, Group, List, Modal, Stack, Text, TextInput } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';

import type { Schemas } from '~/api/client';
import { Failure, notifyDone } from '~/parts/Failure';
import { Panel } from '~/parts/Panel';
import { useMay } from '~/session';
import { eraseContact } from './queries';
import classes from './contacts.module.css';
import { isNamed, nameOf } from './person';

const GOES = ['identity', 'messages', 'files', 'turns', 'consents', 'notes', 'webhooks', 'pending'] as const;

/** Forgets a person for good. */
export function ErasePanel({ contact, onErased }: { contact: Schemas['Contact']; onErased: () => void }) {
  const { t } = useTranslation('contacts');
  const may = useMay();
  const [opened, { open, close }] = useDisclosure();
  return (
    <Panel title={t('erase.title')} className={classes.erase}>
      <Group justify="space-between" align="center" gap="md">
        <Text size="sm" maw={640}>
          {t('erase.lead')}
          {!may && <> {t('erase.adminsOnly')}</>}
        </Text>
        <Button variant="default" disabled={!may} onClick={open}>
          {t('erase.open')}
        </Button>
      </Group>
      {opened && <Erase contact={contact} onClose={close} onErased={onErased} />}
    </Panel>
  );
}

function Erase({
  contact,
  onClose,
  onErased,
}: {
  contact: Schemas['Contact'];
  onClose: () => void;
  onErased: () => void;
}) {
  const { t } = useTranslation(['contacts', 'parts']);
  const navigate = useNavigate();
  const queryClient = useQueryClient();
  const [typed, setTyped] = useState('');
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const toType = contact.phone ?? nameOf(contact);
  const sure = isNamed(contact, typed);

  const erase = async (event: FormEvent) => {
    event.preventDefault();
    if (!sure) return;
    setBusy(true);
    setError(null);
    try {
      const job = await eraseContact(contact.id);
      notifyDone(t(job ? 'erase.goesOn' : 'erase.done'));
      onErased();
      await navigate({ to: '/contacts' });
      await queryClient.invalidateQueries();
    } catch (thrown) {
      setError(thrown);
      setBusy(false);
    }
  };

  return (
    <Modal
      opened
      onClose={onClose}
      size="lg"
      title={t('erase.question', { name: nameOf(contact) })}
      closeButtonProps={{ 'aria-label': t('parts:close') }}
    >
      <form onSubmit={erase}>
        <Stack>
          <div>
            <Text size="sm" fw={600} mb={4}>
              {t('erase.goes')}
            </Text>
            <List size="sm" spacing={4}>
              {GOES.map((what) => (
                <List.Item key={what}>{t(`erase.what.${what}`)}</List.Item>
              ))}
            </List>
          </div>
          <div>
            <Text size="sm" fw={600} mb={4}>
              {t('erase.stays')}
            </Text>
            <List size="sm" spacing={4}>
              <List.Item>{t('erase.suppression')}</List.Item>
              <List.Item>{t('erase.atMeta')}</List.Item>
            </List>
          </div>
          <Text size="sm">{t('erase.later')}</Text>
          <TextInput
            label={t(contact.phone ? 'erase.typePhone' : 'erase.typeName', { what: toType })}
            value={typed}
            onChange={(event) => setTyped(event.currentTarget.value)}
            autoComplete="off"
            spellCheck={false}
            data-autofocus
          />
          <Failure error={error} />
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {t('parts:cancel')}
            </Button>
            <Button type="submit" color="red" disabled={!sure} loading={busy}>
              {t('erase.confirm')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
