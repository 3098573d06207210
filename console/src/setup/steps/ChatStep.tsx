import { Button, Group, Stack, Text } from '@mantine/core';
import { IconDeviceMobile } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';

import { LinkCode } from '~/numbers/overview/LinkPanel';
import { nameOf, useNumber } from '~/numbers/useNumber';
import { Copy } from '~/parts/Copy';
import { AnchorLink } from '~/parts/links';
import type { Setup } from '../queries';
import { Tick } from '../Tick';

/** The test chat: on the phone that is played, or with a real one. */
export function ChatStep({ setup }: { setup: Setup }) {
  const { t } = useTranslation('setup');
  const { number } = setup;
  if (!number) return <Text>{t('webhook.noNumber')}</Text>;
  const asked = t('chat.question');
  return (
    <Stack>
      {setup.simulator_url ? (
        <>
          <Text>{t('chat.simulated')}</Text>
          <Group>
            <Button
              component="a"
              href={setup.simulator_url}
              target="_blank"
              rel="noreferrer"
              leftSection={<IconDeviceMobile size={18} />}
            >
              {t('chat.openPhone')}
            </Button>
          </Group>
        </>
      ) : (
        <>
          <Text>{t('chat.real')}</Text>
          <RealPhone id={number.id} asked={asked} />
        </>
      )}
      <Group gap="xs">
        <Text size="sm" c="var(--quiet)">
          {t('chat.ask')}
        </Text>
        <Text size="sm" fw={600}>
          {asked}
        </Text>
        <Copy value={asked} />
      </Group>
      <div aria-live="polite">
        <Tick
          done={!!number.first_message_at}
          at={number.first_message_at}
          label={t(number.first_message_at ? 'chat.arrived' : 'chat.arriving')}
        />
        <Tick
          done={!!number.first_answer_at}
          at={number.first_answer_at}
          label={t(number.first_answer_at ? 'chat.answered' : 'chat.answering')}
        />
      </div>
      {number.first_message_at && !number.first_answer_at && (
        <Text size="sm">
          {t('chat.stuck')}{' '}
          <AnchorLink to="/inbox" underline="always" inherit>
            {t('chat.inbox')}
          </AnchorLink>
        </Text>
      )}
    </Stack>
  );
}

function RealPhone({ id, asked }: { id: string; asked: string }) {
  const { data: number } = useNumber(id);
  if (!number?.display_phone_number) return null;
  return <LinkCode numberId={id} text={asked} name={nameOf(number)} />;
}
