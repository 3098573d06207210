/** What figures are read with. */
import { keepPreviousData } from '@tanstack/react-query';

import { $api, type Schemas } from '~/api/client';

export type Stats = Schemas['Stats'];
export type Counts = Schemas['StatsCounts'];
export type Bucket = Schemas['StatsBucket'];

/** Days are `2026-11-21`, both included. */
export interface Asked {
  from: string;
  to: string;
  by: Schemas['StatsStep'];
  number_id?: string;
  agent_id?: string;
  utc_offset_minutes: number;
}

export const STATS = ['get', '/api/v1/stats'];

export const useStats = (asked: Asked) =>
  $api.useQuery(
    'get',
    '/api/v1/stats',
    { params: { query: { ...asked } } },
    { placeholderData: keepPreviousData, staleTime: 60_000 },
  );
