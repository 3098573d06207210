import { Button, List, SimpleGrid, Stack, Text } from '@mantine/core';
import { IconTextPlus } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';

import { AnchorLink } from '~/parts/links';
import { Panel } from '~/parts/Panel';
import { useMay } from '~/session';

import { FactLock } from './FactLock';
import type { Agent } from './queries';
import { WindowTemplate } from './WindowTemplate';

/** When a person takes over, and what is said when an answer comes too late. */
export function HandoverTab({ agent, onSuggest }: { agent: Agent; onSuggest: (paragraph: string) => void }) {
  const { t } = useTranslation('agents');
  const mayChange = useMay('editor');
  return (
    <SimpleGrid cols={{ base: 1, lg: 2 }} spacing="lg" style={{ alignItems: 'start' }}>
      <Panel title={t('handover.title')}>
        <Text size="sm">{t('handover.text')}</Text>
        <List size="sm" my="sm" spacing={4}>
          <List.Item>{t('handover.asked')}</List.Item>
          <List.Item>{t('handover.failed')}</List.Item>
          {agent.fact_lock === 'enforce' && <List.Item>{t('handover.locked')}</List.Item>}
          <List.Item>{t('handover.taken')}</List.Item>
        </List>
        <Text size="sm" c="var(--quiet)">
          {t('handover.then')}{' '}
          <AnchorLink to="/inbox" search={{ show: 'tasks', agent: agent.id }} inherit underline="always">
            {t('handover.tasks')}
          </AnchorLink>
        </Text>
        {mayChange && (
          <Button
            mt="md"
            variant="default"
            leftSection={<IconTextPlus size={17} />}
            onClick={() => onSuggest(t('handover.paragraph'))}
          >
            {t('handover.suggest')}
          </Button>
        )}
      </Panel>
      <Stack gap="lg">
        <FactLock agent={agent} />
        <WindowTemplate agent={agent} />
      </Stack>
    </SimpleGrid>
  );
}
