import { Button, Group, PasswordInput, Select, Stack, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { isLanguage, type Language, LANGUAGES } from '~/i18n';
import { Failure, notifyDone, notifyFailure } from '~/parts/Failure';
import { placeErrors } from '~/parts/fields';
import { Page } from '~/parts/Page';
import { Panel } from '~/parts/Panel';
import { type Session, useSession, useSignIn } from '~/session';
import { updateSession } from './calls';
import { NewPassword } from './NewPassword';
import { passwordFault } from './password';
import { useSpeak } from './useSpeak';

/** What a member may change of themselves. */
export function AccountPage() {
  const { t } = useTranslation('signin');
  const session = useSession();
  return (
    <Page title={t('account.title')} lead={t('account.lead', { workspace: session.workspace.name })}>
      {session.actor.startsWith('mem_') ? (
        <Stack maw={640}>
          <Who session={session} />
          <Speech />
          <Password email={session.email ?? ''} />
        </Stack>
      ) : (
        <Panel maw={640} title={t('account.key.title', { name: session.name })}>
          <Text>{t('account.key.text')}</Text>
        </Panel>
      )}
    </Page>
  );
}

function Who({ session }: { session: Session }) {
  const { t } = useTranslation(['signin', 'parts', 'shell']);
  const { refresh } = useSignIn();
  const [error, setError] = useState<unknown>(null);
  const form = useForm({
    initialValues: { name: session.name },
    validate: { name: (name) => (name.trim() === '' ? t('nameMissing') : null) },
  });
  const save = form.onSubmit(async ({ name }) => {
    setError(null);
    try {
      await updateSession({ name: name.trim() });
      form.resetDirty();
      await refresh();
      notifyDone(t('account.saved'));
    } catch (thrown) {
      if (!placeErrors(form, thrown)) setError(thrown);
    }
  });
  return (
    <Panel title={t('account.who')}>
      <form onSubmit={save}>
        <Stack>
          <TextInput
            label={t('name')}
            description={t('nameHint')}
            autoComplete="name"
            required
            maxLength={100}
            {...form.getInputProps('name')}
          />
          <Group gap="xl">
            <div>
              <Text size="sm" fw={500}>
                {t('email')}
              </Text>
              <Text style={{ overflowWrap: 'anywhere' }}>{session.email}</Text>
            </div>
            <div>
              <Text size="sm" fw={500}>
                {t('role')}
              </Text>
              <Text>{t(`shell:role.${session.role}`)}</Text>
            </div>
          </Group>
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

function Speech() {
  const { t, i18n } = useTranslation('signin');
  const speak = useSpeak();
  const { refresh } = useSignIn();
  const choose = async (language: string | null) => {
    if (!isLanguage(language)) return;
    await speak(language);
    try {
      await updateSession({ language });
      await refresh();
    } catch (thrown) {
      notifyFailure(thrown);
    }
  };
  return (
    <Panel title={t('language')}>
      <Select
        label={t('account.language')}
        description={t('account.languageHint')}
        allowDeselect={false}
        value={i18n.language}
        onChange={choose}
        data={(Object.keys(LANGUAGES) as Language[]).map((value) => ({ value, label: LANGUAGES[value] }))}
      />
    </Panel>
  );
}

function Password({ email }: { email: string }) {
  const { t } = useTranslation(['signin', 'parts']);
  const [error, setError] = useState<unknown>(null);
  const form = useForm({
    initialValues: { current: '', password: '', again: '' },
    validate: {
      password: (password, { again }) => {
        const fault = passwordFault(password, again, email);
        return fault && fault !== 'differs' ? t(`fault.${fault}`) : null;
      },
      again: (again, { password }) => (again === password ? null : t('fault.differs')),
    },
  });
  const change = form.onSubmit(async ({ current, password }) => {
    setError(null);
    try {
      await updateSession({ password: { current, new: password } });
      form.reset();
      notifyDone(t('account.passwordSaved'));
    } catch (thrown) {
      setError(thrown);
    }
  });
  return (
    <Panel title={t('password')}>
      <form onSubmit={change}>
        <input type="hidden" name="username" autoComplete="username" value={email} readOnly />
        <Stack>
          <Text size="sm" c="var(--quiet)">
            {t('account.passwordHint')}
          </Text>
          <PasswordInput
            label={t('account.current')}
            autoComplete="current-password"
            required
            {...form.getInputProps('current')}
          />
          <NewPassword first={form.getInputProps('password')} again={form.getInputProps('again')} />
          <Failure error={error} />
          <Group justify="flex-end">
            <Button type="submit" loading={form.submitting} disabled={!form.isDirty()}>
              {t('account.changePassword')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Panel>
  );
}
