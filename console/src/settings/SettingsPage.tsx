import { Stack, Tabs } from '@mantine/core';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';

import { $api } from '~/api/client';
import { Failure } from '~/parts/Failure';
import { Page } from '~/parts/Page';
import { useSession } from '~/session';
import { ConsentPanel } from './ConsentPanel';
import { InstancePanel } from './InstancePanel';
import { isSettingsTab, SETTINGS_TABS } from './tabs';
import { WorkspacePanel } from './WorkspacePanel';
import { WorkspacesPanel } from './WorkspacesPanel';

export function SettingsPage() {
  const { t } = useTranslation('settings');
  const navigate = useNavigate();
  const { tab = 'workspace' } = useSearch({ from: '/inside/settings' });
  const show = (chosen: string | null) =>
    navigate({
      to: '/settings',
      search: { tab: isSettingsTab(chosen) && chosen !== 'workspace' ? chosen : undefined },
      replace: true,
    });
  return (
    <Page title={t('title')}>
      <Tabs value={tab} keepMounted={false} onChange={(chosen) => void show(chosen)}>
        <Tabs.List mb="lg">
          {SETTINGS_TABS.map((name) => (
            <Tabs.Tab key={name} value={name}>
              {t(`tab.${name}`)}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <Tabs.Panel value="workspace">
          <WorkspaceTab />
        </Tabs.Panel>
        <Tabs.Panel value="gateway">
          <InstancePanel />
        </Tabs.Panel>
      </Tabs>
    </Page>
  );
}

function WorkspaceTab() {
  const session = useSession();
  const workspaces = $api.useQuery('get', '/api/v1/workspaces', { params: { query: { limit: 100 } } });
  const items = workspaces.data?.items ?? [];
  // Whoever sees but one sees their own.
  const own = items.find(({ id }) => id === session.workspace.id) ?? items[0];
  return (
    <Stack maw={820}>
      <Failure error={workspaces.error} />
      {own && (
        <>
          <WorkspacePanel key={own.id} workspace={own} />
          <ConsentPanel key={`${own.id} words`} workspace={own} />
        </>
      )}
      {items.length > 1 && <WorkspacesPanel workspaces={items} own={own?.id} />}
    </Stack>
  );
}
