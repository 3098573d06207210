import { Alert, Code, Skeleton, Stack, Text } from '@mantine/core';
import { IconWorldOff } from '@tabler/icons-react';
import { Trans, useTranslation } from 'react-i18next';

import { Connect } from '~/numbers/meta/Connect';
import { useNumber } from '~/numbers/useNumber';
import type { Setup } from '../queries';
import { Tick } from '../Tick';
import { AppSecret } from './AppSecret';

/** The webhook: Meta is told where to, and proves that it knows. */
export function WebhookStep({ setup }: { setup: Setup }) {
  const { t } = useTranslation('setup');
  const { number } = setup;
  if (!number) return <Text>{t('webhook.noNumber')}</Text>;
  return (
    <Stack>
      <Text>{t('webhook.text')}</Text>
      {!setup.webhook_url_is_public && !setup.simulator_url && (
        <Alert color="orange" variant="default" icon={<IconWorldOff size={18} />} title={t('webhook.local.title')}>
          <Trans t={t} i18nKey="webhook.local.text" components={{ c: <Code /> }} values={{ url: setup.gateway_url }} />
        </Alert>
      )}
      <HowTo setup={setup} id={number.id} />
      <div aria-live="polite">
        <Tick
          done={!!number.webhook_verified_at}
          at={number.webhook_verified_at}
          label={t(number.webhook_verified_at ? 'webhook.verified' : 'webhook.verifying')}
        />
        <Tick
          done={!!number.first_message_at}
          at={number.first_message_at}
          label={t(number.first_message_at ? 'chat.arrived' : 'chat.arriving')}
        />
      </div>
    </Stack>
  );
}

function HowTo({ setup, id }: { setup: Setup; id: string }) {
  const { data: number } = useNumber(id);
  if (!number) return <Skeleton h={120} aria-hidden />;
  if (!setup.has_app_secret && !number.has_app_secret) return <AppSecret numberId={id} />;
  return <Connect number={number} appUrl={setup.webhook_url} hasSharedToken={setup.has_verify_token} busySize="md" />;
}
