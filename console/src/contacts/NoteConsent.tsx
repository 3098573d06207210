import { Modal, Radio, Stack, Text, Textarea } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { api, ok, type Schemas } from '~/api/client';
import { notifyDone } from '~/parts/Failure';
import { FormFoot } from '~/parts/FormFoot';
import { placeErrors } from '~/parts/fields';
import { useRefreshContact } from './queries';

/** Notes what was said elsewhere: on paper, by phone, in a shop. */
export function NoteConsent({ contact, onClose }: { contact: Schemas['Contact']; onClose: () => void }) {
  const { t } = useTranslation(['contacts', 'parts']);
  const refresh = useRefreshContact(contact.id);
  const [error, setError] = useState<unknown>(null);
  const form = useForm({
    initialValues: {
      state: 'opted_out' as Schemas['ConsentState'],
      scope: 'all' as Schemas['ConsentScope'],
      note: '',
    },
  });
  const { scope, state } = form.values;

  const save = form.onSubmit(async ({ note, ...said }) => {
    setError(null);
    try {
      await ok(
        api.POST('/api/v1/contacts/{contact_id}/consent', {
          params: { path: { contact_id: contact.id } },
          body: { ...said, note: note.trim() || undefined },
        }),
      );
      await refresh();
      notifyDone(t('consent.noted'));
      onClose();
    } catch (thrown) {
      if (!placeErrors(form, thrown)) setError(thrown);
    }
  });

  return (
    <Modal opened onClose={onClose} title={t('consent.note')} closeButtonProps={{ 'aria-label': t('parts:close') }}>
      <form onSubmit={save}>
        <Stack>
          <Text size="sm">{t('consent.noteText')}</Text>
          <Radio.Group label={t('consent.form.state')} {...form.getInputProps('state')}>
            <Stack gap="xs" mt="xs">
              <Radio value="opted_out" label={t('consent.form.opted_out')} data-autofocus />
              <Radio value="opted_in" label={t('consent.form.opted_in')} />
            </Stack>
          </Radio.Group>
          <Radio.Group label={t('consent.form.scope')} {...form.getInputProps('scope')}>
            <Stack gap="xs" mt="xs">
              <Radio value="all" label={t('consent.form.all')} />
              <Radio value="marketing" label={t('consent.form.marketing')} />
            </Stack>
          </Radio.Group>
          <Text size="sm" c="var(--quiet)" aria-live="polite">
            {t(`consent.means.${scope}.${state}`)}
          </Text>
          <Textarea
            label={t('consent.form.note')}
            placeholder={t('consent.form.noteExample')}
            maxLength={500}
            autosize
            minRows={2}
            {...form.getInputProps('note')}
          />
          <FormFoot error={error} isSending={form.submitting} submit={t('parts:save')} onCancel={onClose} />
        </Stack>
      </form>
    </Modal>
  );
}
