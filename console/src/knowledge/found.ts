import { keepPreviousData, useQuery } from '@tanstack/react-query';

import { api, ok } from '~/api/client';

/** The key of what was found, followed by the agent. */
export const FOUND = 'found';
/** The most of a question that is looked up. */
const QUERY_CHARS = 1_000;

/** What an agent finds for a question in its files, best first. */
export function useFound(agentId: string, question: string, limit: number) {
  const query = [...question.trim()].slice(0, QUERY_CHARS).join('');
  return useQuery({
    queryKey: [FOUND, agentId, query, limit],
    queryFn: ({ signal }) =>
      ok(
        api.POST('/api/v1/agents/{agent_id}/knowledge/search', {
          params: { path: { agent_id: agentId } },
          body: { query, limit },
          signal,
        }),
      ),
    enabled: query !== '',
    placeholderData: query === '' ? undefined : keepPreviousData,
    staleTime: 60_000,
  });
}
