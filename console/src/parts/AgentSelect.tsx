import { Select, type SelectProps } from '@mantine/core';

import { $api } from '~/api/client';

const MOST = 100;

/** The workspace's agents to choose from. */
export function useAgents() {
  const query = $api.useQuery('get', '/api/v1/agents', { params: { query: { limit: MOST } } });
  return query.data?.items ?? [];
}

/** Chooses an agent by its name; none is a choice too. */
export function AgentSelect(props: Omit<SelectProps<string>, 'data'>) {
  const agents = useAgents();
  return (
    <Select
      clearable
      searchable
      data={agents.map((agent) => ({ value: agent.id, label: agent.name }))}
      {...props}
    />
  );
}
