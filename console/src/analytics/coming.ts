/** What the API will have of figures; to be swapped for the generated types and calls. */
import { keepPreviousData, useQuery } from '@tanstack/react-query';

import type { Schemas } from '~/api/client';
import { isMissing, plainCall } from '~/parts/plainCall';

export interface Counts {
  inbound: number;
  outbound: number;
  outbound_by_author: { agent: number; human: number; system: number };
  /** What Graph took; `delivered` counts what was read, too. */
  sent: number;
  delivered: number;
  read: number;
  failed: number;
  turns: number;
  answered: number;
  handed_over: number;
  human: number;
  undelivered: number;
  other_outcomes: number;
  first_response_p50_ms?: number | null;
  first_response_p95_ms?: number | null;
  response_p50_ms?: number | null;
  response_p95_ms?: number | null;
  prompt_tokens: number;
  completion_tokens: number;
  /** In the currency of the settings' prices; null where a model that was asked has none. */
  cost?: number | null;
}

export type Bucket = Counts & { at: string };

export interface Stats {
  from: string;
  to: string;
  by: 'hour' | 'day';
  totals: Counts;
  buckets: Bucket[];
  outcomes: { outcome: Schemas['Outcome']; count: number }[];
  types: { direction: Schemas['Direction']; type: string; count: number }[];
  by_number: {
    number_id: string;
    name?: string | null;
    inbound: number;
    outbound: number;
    delivered: number;
    read: number;
    failed: number;
    cost?: number | null;
  }[];
  by_agent: {
    agent_id: string;
    name?: string | null;
    turns: number;
    handed_over: number;
    answered: number;
    prompt_tokens: number;
    completion_tokens: number;
    cost?: number | null;
  }[];
  by_model: {
    model: string;
    calls: number;
    prompt_tokens: number;
    completion_tokens: number;
    cost?: number | null;
  }[];
  by_hour_of_week: { weekday: number; hour: number; inbound: number }[];
  /** Conversations in which nobody answered and nobody is asked to are in none of the three. */
  resolution: { conversations: number; by_agent_alone: number; with_human: number; open: number };
}

/** Days are `2026-11-21`, both included. */
export interface Asked {
  from: string;
  to: string;
  by: 'hour' | 'day';
  number_id?: string;
  agent_id?: string;
  utc_offset_minutes: number;
}

export const STATS = ['get', '/api/v1/stats'];

export function useStats(asked: Asked) {
  return useQuery({
    queryKey: [...STATS, asked],
    queryFn: () => plainCall<Stats>('GET', '/stats', { query: { ...asked } }),
    placeholderData: keepPreviousData,
    staleTime: 60_000,
    retry: (failures, error) => failures < 2 && !isMissing(error),
  });
}
