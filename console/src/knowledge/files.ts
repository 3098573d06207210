import { useQueryClient } from '@tanstack/react-query';

import { $api, api, ok } from '~/api/client';
import { notifyFailure } from '~/parts/Failure';
import { paged } from '~/parts/PagedTable';
import { saveFile } from '~/parts/save';

import { type KnowledgeFile, readContent } from './queries';

const LIST = '/api/v1/agents/{agent_id}/knowledge';

/** The files of an agent, newest first. */
export function useFiles(agentId: string) {
  const query = $api.useInfiniteQuery(
    'get',
    LIST,
    { params: { path: { agent_id: agentId }, query: { limit: 100 } } },
    { ...paged, enabled: agentId !== '' },
  );
  return { query, files: (query.data?.pages.flatMap((page) => page.items) ?? []) as KnowledgeFile[] };
}

export function useDeleteFile() {
  const queryClient = useQueryClient();
  return async (file: KnowledgeFile) => {
    await ok(api.DELETE('/api/v1/knowledge/{file_id}', { params: { path: { file_id: file.id } } }));
    await queryClient.invalidateQueries({ queryKey: ['get', LIST] });
  };
}

/** Saves a file as it was uploaded. */
export async function download(file: KnowledgeFile) {
  try {
    saveFile(file.name, await readContent(file.id));
  } catch (error) {
    notifyFailure(error);
  }
}
