import { Skeleton, Stack, Tabs } from '@mantine/core';
import { useNavigate, useParams, useSearch } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

import type { Schemas } from '~/api/client';
import { Failure } from '~/parts/Failure';
import { AnchorLink } from '~/parts/links';
import { Page } from '~/parts/Page';
import { useMay } from '~/session';
import { CheckButton } from './CheckButton';
import { GreetingTab } from './greeting/GreetingTab';
import { HistoryTab } from './history/HistoryTab';
import { MetaTab } from './meta/MetaTab';
import { OverviewTab } from './overview/OverviewTab';
import { SettingsTab } from './settings/SettingsTab';
import { isTab, type NumberTab, TABS } from './tabs';
import { nameOf, useLiveNumbers, useNumber } from './useNumber';

const CONTENT: Record<NumberTab, (props: { number: Schemas['Number'] }) => ReactNode> = {
  overview: OverviewTab,
  settings: SettingsTab,
  meta: MetaTab,
  greeting: GreetingTab,
  history: HistoryTab,
};

export function NumberPage() {
  const { t } = useTranslation('numbers');
  const { numberId } = useParams({ from: '/inside/numbers/$numberId' });
  const { data: number, error } = useNumber(numberId);
  useLiveNumbers();

  if (number) return <Shown number={number} />;
  return (
    <Page title={t('number')} lead={<BackToNumbers />}>
      {error ? <Failure error={error} /> : <Waiting />}
    </Page>
  );
}

function Shown({ number }: { number: Schemas['Number'] }) {
  const { t } = useTranslation('numbers');
  const navigate = useNavigate();
  const { tab = 'overview' } = useSearch({ from: '/inside/numbers/$numberId' });
  const isAdmin = useMay();
  const show = (chosen: string | null) =>
    navigate({
      to: '/numbers/$numberId',
      params: { numberId: number.id },
      search: { tab: isTab(chosen) && chosen !== 'overview' ? chosen : undefined },
      replace: true,
    });

  return (
    <Page
      title={nameOf(number)}
      lead={
        <>
          <BackToNumbers />
          {number.display_phone_number && (
            <>
              {' · '}
              <bdi>{number.display_phone_number}</bdi>
            </>
          )}
        </>
      }
      actions={isAdmin && <CheckButton id={number.id} />}
    >
      <Tabs value={tab} keepMounted={false} onChange={(chosen) => void show(chosen)}>
        <Tabs.List mb="lg">
          {TABS.map((name) => (
            <Tabs.Tab key={name} value={name}>
              {t(`tab.${name}`)}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        {TABS.map((name) => {
          const Content = CONTENT[name];
          return (
            <Tabs.Panel key={name} value={name}>
              <Content number={number} />
            </Tabs.Panel>
          );
        })}
      </Tabs>
    </Page>
  );
}

function BackToNumbers() {
  const { t } = useTranslation('numbers');
  return (
    <AnchorLink to="/numbers" underline="always" inherit>
      {t('title')}
    </AnchorLink>
  );
}

function Waiting() {
  return (
    <Stack aria-hidden>
      <Skeleton h={36} maw={420} />
      <Skeleton h={180} />
      <Skeleton h={180} />
    </Stack>
  );
}
