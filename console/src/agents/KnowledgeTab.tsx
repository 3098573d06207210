import { SimpleGrid } from '@mantine/core';

import { AgentFiles } from '~/knowledge/AgentFiles';
import { FindBox } from '~/knowledge/FindBox';

import type { Agent } from './queries';

/** The files of this agent, and what it finds in them. */
export function KnowledgeTab({ agent }: { agent: Agent }) {
  return (
    <SimpleGrid cols={{ base: 1, lg: 2 }} spacing="lg" style={{ alignItems: 'start' }}>
      <AgentFiles agent={agent} />
      <FindBox agentId={agent.id} />
    </SimpleGrid>
  );
}
