import { useMemo } from 'react';

import { $api, type Schemas } from '~/api/client';

/** Numbers and agents change seldom; the feed of their own pages keeps them. */
const STALE_MS = 60_000;
const params = { params: { query: { limit: 100 } } };

export interface Directory {
  numbers: Schemas['Number'][];
  agents: Schemas['Agent'][];
  numberName: (id: string) => string;
  agentName: (id: string | null | undefined) => string | undefined;
}

/** What numbers and agents are called. */
export function useDirectory(): Directory {
  const numbers = $api.useQuery('get', '/api/v1/numbers', params, { staleTime: STALE_MS });
  const agents = $api.useQuery('get', '/api/v1/agents', params, { staleTime: STALE_MS });
  return useMemo(() => {
    const [lines, names] = [numbers.data?.items ?? [], agents.data?.items ?? []];
    return {
      numbers: lines,
      agents: names,
      numberName: (id) => {
        const line = lines.find((number) => number.id === id);
        return line?.display_name ?? line?.display_phone_number ?? line?.phone_number_id ?? '';
      },
      agentName: (id) => names.find((agent) => agent.id === id)?.name,
    };
  }, [numbers.data, agents.data]);
}
