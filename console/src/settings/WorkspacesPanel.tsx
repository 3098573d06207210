import { Badge, Group, Table, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';

import type { Schemas } from '~/api/client';
import { Copyable } from '~/parts/Copy';
import { Panel } from '~/parts/Panel';
import { Ago } from '~/parts/time';

/** The other tenants of the installation, for those who run it. */
export function WorkspacesPanel({ workspaces, own }: { workspaces: Schemas['Workspace'][]; own?: string }) {
  const { t } = useTranslation('settings');
  return (
    <Panel title={t('workspaces.title')}>
      <Text size="sm" c="var(--quiet)" mb="sm">
        {t('workspaces.text')}
      </Text>
      <Table.ScrollContainer minWidth={520} scrollAreaProps={{ viewportProps: { tabIndex: 0 } }}>
        <Table aria-label={t('workspaces.title')}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t('workspace.name')}</Table.Th>
              <Table.Th>{t('workspaces.id')}</Table.Th>
              <Table.Th>{t('workspaces.made')}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {workspaces.map((workspace) => (
              <Table.Tr key={workspace.id}>
                <Table.Td>
                  <Group gap="xs">
                    <bdi>{workspace.name}</bdi>
                    {workspace.id === own && (
                      <Badge variant="default" size="sm">
                        {t('workspaces.own')}
                      </Badge>
                    )}
                  </Group>
                </Table.Td>
                <Table.Td>
                  <Copyable value={workspace.id} />
                </Table.Td>
                <Table.Td>
                  <Ago at={workspace.created_at} size="sm" />
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </Panel>
  );
}
