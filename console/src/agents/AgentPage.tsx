import { Skeleton, Tabs } from '@mantine/core';
import { IconArrowForwardUp, IconBook2, IconCpu, IconHistory, IconPencil } from '@tabler/icons-react';
import { useParams } from '@tanstack/react-router';
import { lazy, Suspense } from 'react';
import { useTranslation } from 'react-i18next';

import { useAddress } from '~/parts/address';
import { Failure } from '~/parts/Failure';
import { Page } from '~/parts/Page';

import { useAgent, useLiveAgents } from './agent';
import classes from './AgentPage.module.css';
import { About, Actions } from './AgentHead';
import type { Agent } from './queries';
import { useDraft } from './draft';
import { InstructionsTab } from './InstructionsTab';
import { UnsavedGuard } from './UnsavedGuard';
import { useChat } from './playground/chat';

const ModelTab = lazy(() => import('./ModelTab').then((module) => ({ default: module.ModelTab })));
const HandoverTab = lazy(() => import('./HandoverTab').then((module) => ({ default: module.HandoverTab })));
const KnowledgeTab = lazy(() => import('./KnowledgeTab').then((module) => ({ default: module.KnowledgeTab })));
const VersionsTab = lazy(() => import('./versions/VersionsTab').then((module) => ({ default: module.VersionsTab })));

const TABS = [
  ['instructions', IconPencil],
  ['model', IconCpu],
  ['handover', IconArrowForwardUp],
  ['knowledge', IconBook2],
  ['versions', IconHistory],
] as const;
type Tab = (typeof TABS)[number][0];

export function AgentPage() {
  const { t } = useTranslation('agents');
  const { agentId } = useParams({ strict: false }) as { agentId: string };
  useLiveAgents();
  const agent = useAgent(agentId);
  if (!agent.data) {
    return (
      <Page title={t('one')} wide>
        {agent.error ? <Failure error={agent.error} /> : <Skeleton h={420} radius="lg" />}
      </Page>
    );
  }
  return <One key={agentId} agent={agent.data} />;
}

function One({ agent }: { agent: Agent }) {
  const { t } = useTranslation('agents');
  const [address, setAddress] = useAddress('tab', 'version');
  const tab: Tab = TABS.find(([name]) => name === address.tab)?.[0] ?? 'instructions';
  const go = (to: Tab) => setAddress({ tab: to === 'instructions' ? undefined : to, version: undefined });
  // Kept here, so that nothing written or tried is lost between tabs.
  const draft = useDraft(agent);
  const chat = useChat(agent.id);

  return (
    <Page title={agent.name} lead={<About agent={agent} />} actions={<Actions agent={agent} />} wide>
      <UnsavedGuard isDirty={draft.isDirty} />
      <Tabs value={tab} onChange={(chosen) => go(chosen as Tab)} keepMounted={false} keepMountedMode="display-none">
        <Tabs.List className={classes.tabs} aria-label={t('tabs.label')}>
          {TABS.map(([name, Icon]) => (
            <Tabs.Tab key={name} value={name} leftSection={<Icon size={17} stroke={1.7} />}>
              {t(`tabs.${name}`)}
              {name === 'instructions' && draft.isDirty && (
                <span className={classes.dot} role="img" aria-label={t('unsaved.short')} />
              )}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <Suspense fallback={<Skeleton h={320} radius="lg" mt="md" />}>
          <Tabs.Panel value="instructions" pt="md" keepMounted>
            <InstructionsTab agent={agent} draft={draft} chat={chat} onVersions={() => go('versions')} />
          </Tabs.Panel>
          <Tabs.Panel value="model" pt="md">
            <ModelTab agent={agent} />
          </Tabs.Panel>
          <Tabs.Panel value="handover" pt="md">
            <HandoverTab
              agent={agent}
              onSuggest={(paragraph) => {
                draft.setText(`${draft.text.trimEnd()}\n\n${paragraph}\n`);
                go('instructions');
              }}
            />
          </Tabs.Panel>
          <Tabs.Panel value="knowledge" pt="md">
            <KnowledgeTab agent={agent} />
          </Tabs.Panel>
          <Tabs.Panel value="versions" pt="md">
            <VersionsTab agent={agent} draft={draft} />
          </Tabs.Panel>
        </Suspense>
      </Tabs>
    </Page>
  );
}
