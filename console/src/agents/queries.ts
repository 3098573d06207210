/** What agents are tried and compared with. */
import { api, ok, type Schemas } from '~/api/client';

export type Agent = Schemas['Agent'];
export type AgentVersion = Schemas['AgentVersion'];
export type Tried = Schemas['Tried'];
export type TryAgent = Schemas['TryAgent'];

export const tryAgent = (agentId: string, body: TryAgent, signal?: AbortSignal) =>
  ok(api.POST('/api/v1/agents/{agent_id}/try', { params: { path: { agent_id: agentId } }, body, signal }));

export const getVersion = (agentId: string, version: number, signal?: AbortSignal) =>
  ok(
    api.GET('/api/v1/agents/{agent_id}/versions/{version}', {
      params: { path: { agent_id: agentId, version } },
      signal,
    }),
  );

/** As far as it tells which model answers where an agent names none. */
export const getSetup = (signal?: AbortSignal) => ok(api.GET('/api/v1/setup', { signal }));
