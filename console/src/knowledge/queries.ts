/** What knowledge is read with beside its lists. */
import { ApiFailure, api, ok, type Schemas } from '~/api/client';

export type KnowledgeFile = Schemas['KnowledgeFile'];
export type FilePassage = Schemas['FilePassage'];
export type FilePassages = Awaited<ReturnType<typeof listPassages>>;
export type AgentWithKnowledge = Schemas['Agent'];

/** A file's passages in their order. */
export function listPassages(fileId: string, q: string, cursor: string, signal?: AbortSignal) {
  const query = { limit: 50, q: q || undefined, cursor: cursor || undefined };
  return ok(
    api.GET('/api/v1/knowledge/{file_id}/passages', { params: { path: { file_id: fileId }, query }, signal }),
  );
}

/** The file as it was uploaded. */
export async function readContent(fileId: string): Promise<Blob> {
  const response = await fetch(`/api/v1/knowledge/${fileId}/content`, { credentials: 'same-origin' });
  if (!response.ok) throw new ApiFailure(await response.json().catch(() => ({})), response.status);
  return response.blob();
}
