import { Button, Stack, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { FactList } from '~/parts/FactList';
import { placeErrors } from '~/parts/fields';
import { ButtonLink } from '~/parts/links';
import { relative } from '~/parts/time';
import { PageLoading } from '~/shell/states';
import { acceptInvite, type Invite, lookAtInvite } from './calls';
import { Door } from './Door';
import { NewPassword } from './NewPassword';
import { passwordFault } from './password';
import { Refusal, useSecondsUntil } from './Refusal';
import { useEntry } from './useEntry';
import { rememberWay } from './wayIn';

/** Where the link of an invitation leads: `/join#<token>`. */
export function JoinPage() {
  const { t } = useTranslation('signin');
  // What stands behind the # never leaves the browser, but for the body of a request.
  const [token] = useState(() => window.location.hash.slice(1));
  const invite = useQuery({
    queryKey: ['invite', token],
    queryFn: () => lookAtInvite(token),
    enabled: token !== '',
    staleTime: Infinity,
    retry: false,
  });

  if (token === '' || invite.error) {
    return (
      <Door title={t('join.bad.title')} lead={t('join.bad.text')}>
        {invite.error && <Refusal error={invite.error} waitUntil={0} wrong={t('join.bad.text')} />}
        <ButtonLink to="/inbox" variant="default">
          {t('join.bad.signIn')}
        </ButtonLink>
      </Door>
    );
  }
  if (!invite.data) return <PageLoading />;
  return <Accept token={token} invite={invite.data} />;
}

function Accept({ token, invite }: { token: string; invite: Invite }) {
  const { t } = useTranslation(['signin', 'shell']);
  const navigate = useNavigate();
  const { enter, error, setError, waitUntil } = useEntry();
  const blocked = useSecondsUntil(waitUntil) > 0;
  const form = useForm({
    initialValues: { name: invite.name ?? '', password: '', again: '' },
    validate: {
      name: (name) => (name.trim() === '' ? t('nameMissing') : null),
      password: (password, { again }) => {
        const fault = passwordFault(password, again, invite.email);
        return fault && fault !== 'differs' ? t(`fault.${fault}`) : null;
      },
      again: (again, { password }) => (again === password ? null : t('fault.differs')),
    },
  });

  const join = form.onSubmit(async ({ name, password }) => {
    if (await enter(() => acceptInvite({ token, name: name.trim(), password }).catch(placed))) {
      rememberWay('member');
      await navigate({ to: '/inbox' });
    }
  });
  const placed = (thrown: unknown): never => {
    placeErrors(form, thrown);
    throw thrown;
  };

  return (
    <Door
      title={t('join.title', { workspace: invite.workspace_name })}
      lead={t('join.lead', { when: relative(invite.expires_at) })}
    >
      <FactList
        facts={[
          { name: t('email'), value: <bdi>{invite.email}</bdi> },
          {
            name: t('role'),
            value: (
              <>
                {t(`shell:role.${invite.role}`)}
                <Text size="sm" c="var(--quiet)">
                  {t(`may.${invite.role}`)}
                </Text>
              </>
            ),
          },
        ]}
      />
      <form onSubmit={join} onChange={() => setError(null)}>
        {/* For whatever keeps passwords: whose this is. */}
        <input type="hidden" name="username" autoComplete="username" value={invite.email} readOnly />
        <Stack gap="md">
          <TextInput
            label={t('name')}
            description={t('nameHint')}
            autoComplete="name"
            required
            autoFocus
            maxLength={100}
            size="md"
            {...form.getInputProps('name')}
          />
          <NewPassword first={form.getInputProps('password')} again={form.getInputProps('again')} size="md" />
          <Refusal error={error} waitUntil={waitUntil} wrong={t('join.bad.text')} />
          <Button type="submit" size="md" loading={form.submitting} disabled={blocked}>
            {t('join.enter')}
          </Button>
        </Stack>
      </form>
    </Door>
  );
}
