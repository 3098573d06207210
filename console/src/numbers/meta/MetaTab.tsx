import { Grid, Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';

import type { Schemas } from '~/api/client';
import { Copyable } from '~/parts/Copy';
import { Panel } from '~/parts/Panel';
import { useMay } from '~/session';
import { useSetup } from '~/setup/queries';
import { Tick } from '~/setup/Tick';
import { Connect } from './Connect';
import { Deregister, NewPin, Register } from './Registration';

/** What is done at Meta so that the number works here. */
export function MetaTab({ number }: { number: Schemas['Number'] }) {
  const { t } = useTranslation(['numbers', 'parts']);
  const isAdmin = useMay();
  const { data: setup } = useSetup();
  const webhook = (
    <Panel title={t('webhook.title')}>
      <Stack>
        <Text size="sm">{t('webhook.text')}</Text>
        <div>
          <Text size="sm" fw={500}>
            {t('webhook.own')}
          </Text>
          <Copyable value={number.webhook_url} />
        </div>
        {setup && (
          <div>
            <Text size="sm" fw={500}>
              {t('webhook.app')}
            </Text>
            <Copyable value={setup.webhook_url} />
            <Text size="sm" c="var(--quiet)">
              {t('webhook.appHint')}
            </Text>
          </div>
        )}
        {number.webhook_verified_at && <Tick done at={number.webhook_verified_at} label={t('webhook.verified')} />}
      </Stack>
    </Panel>
  );
  if (!isAdmin) {
    return (
      <Stack maw={760}>
        {webhook}
        <Text size="sm" c="var(--quiet)">
          {t('parts:notAllowed')}
        </Text>
      </Stack>
    );
  }
  return (
    <Grid>
      <Grid.Col span={{ base: 12, md: 7 }}>
        <Stack>
          {webhook}
          <Panel title={t('connect.title')}>
            <Connect number={number} appUrl={setup?.webhook_url} hasSharedToken={setup?.has_verify_token ?? false} />
          </Panel>
        </Stack>
      </Grid.Col>
      <Grid.Col span={{ base: 12, md: 5 }}>
        <Stack>
          <Register id={number.id} />
          <NewPin id={number.id} />
          <Deregister number={number} />
        </Stack>
      </Grid.Col>
    </Grid>
  );
}
