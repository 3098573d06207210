import { Alert, Button, List, Modal, Text } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { api, ok, type Schemas } from '~/api/client';
import { ConfirmButton } from '~/parts/ConfirmButton';
import { notifyDone } from '~/parts/Failure';
import { nameIn, useNumbers } from '~/parts/names';
import { useMay } from '~/session';
import { useRefreshContact } from './queries';
import { nameOf } from './person';

/** Blocks and unblocks, and tells what Meta had against it. */
export function BlockButton({ contact }: { contact: Schemas['Contact'] }) {
  const { t } = useTranslation(['contacts', 'parts']);
  const mayChange = useMay('operator');
  const refresh = useRefreshContact(contact.id);
  const [refused, setRefused] = useState<Schemas['BlockedAtMeta'][]>([]);
  const does = contact.blocked_at ? 'unblock' : 'block';

  const act = async () => {
    const path = does === 'block' ? '/api/v1/contacts/{contact_id}/block' : '/api/v1/contacts/{contact_id}/unblock';
    const { at_meta } = await ok(api.POST(path, { params: { path: { contact_id: contact.id } } }));
    await refresh();
    const against = at_meta.filter((told) => !told.ok);
    if (against.length > 0) setRefused(against);
    else notifyDone(t(`${does}.done`));
  };

  return (
    <>
      <ConfirmButton
        title={t(`${does}.action`)}
        question={t(`${does}.question`, { name: nameOf(contact) })}
        confirm={t(`${does}.action`)}
        action={act}
        disabled={!mayChange}
      >
        {t(`${does}.action`)}
      </ConfirmButton>
      {refused.length > 0 && <Refused refused={refused} blocked={!!contact.blocked_at} onClose={() => setRefused([])} />}
    </>
  );
}

function Refused({
  refused,
  blocked,
  onClose,
}: {
  refused: Schemas['BlockedAtMeta'][];
  blocked: boolean;
  onClose: () => void;
}) {
  const { t } = useTranslation(['contacts', 'parts']);
  const numbers = useNumbers();
  return (
    <Modal
      opened
      onClose={onClose}
      title={t(blocked ? 'block.done' : 'unblock.done')}
      closeButtonProps={{ 'aria-label': t('parts:close') }}
    >
      <Text size="sm">{t(blocked ? 'block.butMeta' : 'unblock.butMeta')}</Text>
      <Alert color="orange" my="md">
        <List size="sm">
          {refused.map(({ number_id, message }) => (
            <List.Item key={number_id}>
              <b>{nameIn(numbers, number_id) ?? number_id}</b> {message}
            </List.Item>
          ))}
        </List>
      </Alert>
      <Button onClick={onClose} data-autofocus>
        {t('parts:close')}
      </Button>
    </Modal>
  );
}
