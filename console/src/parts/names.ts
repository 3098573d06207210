/** What numbers and agents are called, by their ids. */
import { useMemo } from 'react';

import { $api, type Schemas } from '../api/client';

const ALL = { params: { query: { limit: 100 } } };

export interface Named {
  id: string;
  name: string;
}

export function nameOfNumber(number: Schemas['Number']): string {
  return number.display_name ?? number.display_phone_number ?? number.phone_number_id;
}

export function useNumbers(): Named[] {
  const { data } = $api.useQuery('get', '/api/v1/numbers', ALL, { staleTime: 60_000 });
  return useMemo(() => (data?.items ?? []).map((number) => ({ id: number.id, name: nameOfNumber(number) })), [data]);
}

export function useAgents(): Named[] {
  const { data } = $api.useQuery('get', '/api/v1/agents', ALL, { staleTime: 60_000 });
  return useMemo(() => (data?.items ?? []).map(({ id, name }) => ({ id, name })), [data]);
}

export function nameIn(all: Named[], id: string | null | undefined): string | undefined {
  return all.find((one) => one.id === id)?.name;
}
