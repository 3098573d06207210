import { Modal, Radio, Select, Stack, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { type Language, LANGUAGES } from '~/i18n';
import { FormFoot } from '~/parts/FormFoot';
import { placeErrors } from '~/parts/fields';
import type { Role } from '~/session';
import { createMember, type InvitedMember } from './queries';
import { ROLES } from './roles';

/** Asks whom to invite, and as what. */
export function Invite({ onClose, onInvited }: { onClose: () => void; onInvited: (member: InvitedMember) => void }) {
  const { t } = useTranslation(['members', 'parts', 'shell']);
  const [error, setError] = useState<unknown>(null);
  const form = useForm({
    initialValues: { email: '', name: '', role: 'operator' as Role, language: null as string | null },
  });
  const invite = form.onSubmit(async ({ email, name, role, language }) => {
    setError(null);
    try {
      onInvited(
        await createMember({
          email: email.trim(),
          role,
          ...(name.trim() ? { name: name.trim() } : {}),
          ...(language ? { language } : {}),
        }),
      );
    } catch (thrown) {
      if (!placeErrors(form, thrown)) setError(thrown);
    }
  });
  return (
    <Modal opened onClose={onClose} title={t('invite')}>
      <form onSubmit={invite}>
        <Stack>
          <TextInput
            label={t('email')}
            type="email"
            autoComplete="off"
            required
            data-autofocus
            {...form.getInputProps('email')}
          />
          <TextInput
            label={t('name')}
            description={t('nameHint')}
            autoComplete="off"
            maxLength={100}
            {...form.getInputProps('name')}
          />
          <Radio.Group label={t('role')} {...form.getInputProps('role')}>
            <Stack gap="xs" mt={6}>
              {ROLES.map((role) => (
                <Radio key={role} value={role} label={t(`shell:role.${role}`)} description={t(`may.${role}`)} />
              ))}
            </Stack>
          </Radio.Group>
          <Select
            label={t('language')}
            placeholder={t('languageOwn')}
            clearable
            data={(Object.keys(LANGUAGES) as Language[]).map((value) => ({ value, label: LANGUAGES[value] }))}
            {...form.getInputProps('language')}
          />
          <FormFoot error={error} isSending={form.submitting} submit={t('link.make')} onCancel={onClose} />
        </Stack>
      </form>
    </Modal>
  );
}
