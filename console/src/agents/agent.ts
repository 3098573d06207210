/** One agent as the console keeps it: reading, changing, following what others change. */
import { useQueryClient } from '@tanstack/react-query';
import { useCallback } from 'react';

import { $api, api, ok, type Schemas } from '~/api/client';
import { useFeed } from '~/api/feed';

import type { Agent } from './queries';

const ONE = '/api/v1/agents/{agent_id}';

export function useAgent(agentId: string) {
  return $api.useQuery('get', ONE, { params: { path: { agent_id: agentId } } });
}

/** Reads anew what an agent's change touches. */
export function useRefreshAgents() {
  const queryClient = useQueryClient();
  return useCallback(
    () =>
      Promise.all(
        ['/api/v1/agents', ONE, `${ONE}/versions`].map((path) =>
          queryClient.invalidateQueries({ queryKey: ['get', path] }),
        ),
      ),
    [queryClient],
  );
}

/** Shows what others do to agents as they do it. */
export function useLiveAgents() {
  const refresh = useRefreshAgents();
  useFeed('agent', () => void refresh());
  useFeed('gone', ({ id }) => {
    if (id.startsWith('agt_')) void refresh();
  });
}

/** Changes the given fields of an agent. */
export function useChangeAgent(agentId: string) {
  const queryClient = useQueryClient();
  const refresh = useRefreshAgents();
  return useCallback(
    async (body: Schemas['UpdateAgent']): Promise<Agent> => {
      const init = { params: { path: { agent_id: agentId } } };
      const changed = await ok(api.PATCH(ONE, { ...init, body }));
      queryClient.setQueryData($api.queryOptions('get', ONE, init).queryKey, (before: Agent | undefined) => ({
        ...before,
        ...changed,
      }));
      void refresh();
      return changed;
    },
    [agentId, queryClient, refresh],
  );
}
