import { Anchor, Code, List, SegmentedControl, Stack, Text } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { Trans, useTranslation } from 'react-i18next';

import type { Schemas } from '~/api/client';
import { Copyable } from '~/parts/Copy';
import { APPS } from '../WhereFound';
import { SubscribeButton } from './SubscribeButton';
import { VerifyToken } from './VerifyToken';

const WAYS = ['here', 'hand'] as const;
type Way = (typeof WAYS)[number];

/** The two ways to have Meta send webhooks here: by a button, or by hand in Meta's dashboard. */
export function Connect({
  number,
  appUrl,
  hasSharedToken,
  busySize,
}: {
  number: Schemas['Number'];
  /** The address for the whole app; unknown where the gateway does not tell. */
  appUrl?: string;
  hasSharedToken: boolean;
  busySize?: 'md';
}) {
  const { t } = useTranslation('numbers');
  const [way, setWay] = useState<Way>('here');
  return (
    <Stack>
      <SegmentedControl
        aria-label={t('connect.how')}
        value={way}
        onChange={(chosen) => setWay(chosen as Way)}
        data={WAYS.map((value) => ({ value, label: t(`connect.${value}`) }))}
      />
      {way === 'here' ? (
        <>
          <Text size="sm">{t('connect.hereText')}</Text>
          <SubscribeButton id={number.id} size={busySize} />
          <Text size="sm" c="var(--quiet)">
            <Trans t={t} i18nKey="connect.fieldOn" components={{ a: <ToApps />, b: <b />, c: <Code /> }} />
          </Text>
        </>
      ) : (
        <List type="ordered" spacing="sm" size="sm">
          <List.Item>
            <Trans t={t} i18nKey="connect.open" components={{ a: <ToApps />, b: <b /> }} />
          </List.Item>
          <List.Item>
            {t('connect.url')}
            <Copyable value={appUrl ?? number.webhook_url} />
          </List.Item>
          <List.Item>
            {t('connect.token')}
            <VerifyToken number={number} hasShared={hasSharedToken} />
          </List.Item>
          <List.Item>
            <Trans t={t} i18nKey="connect.save" components={{ b: <b /> }} />
          </List.Item>
          <List.Item>
            <Trans t={t} i18nKey="connect.field" components={{ b: <b />, c: <Code /> }} />
          </List.Item>
        </List>
      )}
    </Stack>
  );
}

function ToApps({ children }: { children?: ReactNode }) {
  return (
    <Anchor href={APPS} target="_blank" rel="noreferrer" underline="always" inherit>
      {children}
    </Anchor>
  );
}
