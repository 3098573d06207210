import { Button, Code, Collapse, PasswordInput, SegmentedControl, Stack, Text, TextInput, UnstyledButton } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useDisclosure } from '@mantine/hooks';
import { IconChevronDown } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import type { Credentials } from '~/session';
import { createSession } from './calls';
import { Door } from './Door';
import { Refusal, useSecondsUntil } from './Refusal';
import classes from './SignInPage.module.css';
import { useEntry } from './useEntry';
import { lastWay, rememberWay } from './wayIn';

// Whoever comes first has nothing but a key.
const WAYS = ['key', 'member'] as const;
type Way = (typeof WAYS)[number];

const wayOf = (known: string | null): Way => WAYS.find((way) => way === known) ?? 'key';

export function SignInPage() {
  const { t } = useTranslation(['signin', 'parts']);
  const [way, setWay] = useState<Way>(() => wayOf(lastWay()));
  const { enter, error, setError, waitUntil } = useEntry();
  const blocked = useSecondsUntil(waitUntil) > 0;
  const form = useForm({ initialValues: { email: '', password: '', key: '' } });

  const signIn = form.onSubmit(async ({ email, password, key }) => {
    if (blocked) return;
    const credentials: Credentials = way === 'key' ? { key: key.trim() } : { email: email.trim(), password };
    if (await enter(() => createSession(credentials))) rememberWay(way);
    else form.setFieldValue('password', '');
  });

  return (
    <Door title={t('title')} lead={t('lead')}>
      <SegmentedControl
        fullWidth
        aria-label={t('way.label')}
        value={way}
        onChange={(chosen) => {
          setWay(chosen as Way);
          setError(null);
        }}
        data={WAYS.map((value) => ({ value, label: t(`way.${value}`) }))}
      />
      {/* Each way has fields of its own, so that a browser fills in what belongs there. */}
      <form onSubmit={signIn} key={way}>
        <Stack gap="md">
          {way === 'member' ? (
            <>
              <TextInput
                label={t('email')}
                type="email"
                autoComplete="username"
                required
                autoFocus
                size="md"
                {...form.getInputProps('email')}
              />
              <PasswordInput
                label={t('password')}
                autoComplete="current-password"
                required
                size="md"
                {...form.getInputProps('password')}
              />
            </>
          ) : (
            <PasswordInput
              label={t('key')}
              placeholder="sbk_…"
              autoComplete="off"
              required
              autoFocus
              size="md"
              {...form.getInputProps('key')}
            />
          )}
          <Refusal error={error} waitUntil={waitUntil} wrong={t(`wrong.${way}`)} />
          <Button type="submit" size="md" loading={form.submitting} disabled={blocked}>
            {t('enter')}
          </Button>
        </Stack>
      </form>
      <Help way={way} />
    </Door>
  );
}

/** How somebody who has nothing to sign in with comes by it. */
function Help({ way }: { way: Way }) {
  const { t } = useTranslation('signin');
  const [opened, { toggle }] = useDisclosure();
  return (
    <div>
      <UnstyledButton onClick={toggle} aria-expanded={opened} className={classes.help}>
        <IconChevronDown size={16} className={classes.chevron} aria-hidden />
        {t(`help.${way}.title`)}
      </UnstyledButton>
      <Collapse expanded={opened}>
        <Text size="sm" mt={6} c="var(--quiet)">
          {t(`help.${way}.text`)}
        </Text>
        {way === 'key' && (
          <Code block mt="xs">
            switchboard key create --role admin
          </Code>
        )}
      </Collapse>
    </div>
  );
}
