import { Anchor, Button, type ButtonProps, Modal, PasswordInput, Stack, Text } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useDisclosure } from '@mantine/hooks';
import { IconKey } from '@tabler/icons-react';
import { useState } from 'react';
import { Trans, useTranslation } from 'react-i18next';

import { notifyDone } from '~/parts/Failure';
import { FormFoot } from '~/parts/FormFoot';
import { placeErrors } from '~/parts/fields';
import { SYSTEM_USERS } from '../WhereFound';
import { useUpdateNumber } from '../useNumber';

/** Sets a new access token, and lets go what waited for it. */
export function TokenButton({ id, ...rest }: ButtonProps & { id: string }) {
  const { t } = useTranslation('numbers');
  const [opened, { open, close }] = useDisclosure();
  return (
    <>
      <Button leftSection={<IconKey size={16} />} onClick={open} {...rest}>
        {t('token.replace')}
      </Button>
      {opened && <NewToken id={id} onClose={close} />}
    </>
  );
}

function NewToken({ id, onClose }: { id: string; onClose: () => void }) {
  const { t } = useTranslation(['numbers', 'parts']);
  const update = useUpdateNumber(id);
  const [error, setError] = useState<unknown>(null);
  const form = useForm({ initialValues: { access_token: '' } });
  const save = form.onSubmit(async ({ access_token }) => {
    setError(null);
    try {
      await update({ access_token: access_token.trim() });
      notifyDone(t('token.saved'));
      onClose();
    } catch (thrown) {
      if (!placeErrors(form, thrown)) setError(thrown);
    }
  });
  return (
    <Modal opened onClose={onClose} title={t('token.replace')}>
      <form onSubmit={save}>
        <Stack>
          <Text size="sm">
            <Trans
              t={t}
              i18nKey="where.token"
              components={{
                a: <Anchor href={SYSTEM_USERS} target="_blank" rel="noreferrer" underline="always" inherit />,
                b: <b />,
                c: <bdi />,
              }}
            />
          </Text>
          <PasswordInput
            label={t('field.access_token')}
            placeholder="EAA…"
            autoComplete="off"
            required
            data-autofocus
            {...form.getInputProps('access_token')}
          />
          <FormFoot error={error} isSending={form.submitting} submit={t('parts:save')} onCancel={onClose} />
        </Stack>
      </form>
    </Modal>
  );
}
