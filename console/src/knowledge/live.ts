import { type InfiniteData, useQueryClient } from '@tanstack/react-query';

import type { Schemas } from '~/api/client';
import { useFeed } from '~/api/feed';

import { FOUND } from './found';

type Files = InfiniteData<Schemas['List_KnowledgeFile']>;

const LIST = ['get', '/api/v1/agents/{agent_id}/knowledge'];
const FILE = ['get', '/api/v1/knowledge/{file_id}'];

/** Keeps what is shown of files as new as the feed tells it. */
export function useLiveFiles() {
  const queryClient = useQueryClient();
  useFeed('file', ({ file }) => {
    let known = false;
    queryClient.setQueriesData<Files>({ queryKey: LIST }, (files) => {
      if (!files?.pages) return files;
      return {
        ...files,
        pages: files.pages.map((page) => ({
          ...page,
          items: page.items.map((other) => {
            if (other.id !== file.id) return other;
            known = true;
            return file;
          }),
        })),
      };
    });
    queryClient.setQueriesData<Schemas['KnowledgeFile']>({ queryKey: FILE }, (other) =>
      other?.id === file.id ? file : other,
    );
    if (!known) void queryClient.invalidateQueries({ queryKey: LIST });
    if (file.status !== 'processing') void queryClient.invalidateQueries({ queryKey: [FOUND, file.agent_id] });
  });
  useFeed('gone', ({ id }) => {
    if (id.startsWith('fil_')) void queryClient.invalidateQueries({ queryKey: LIST });
  });
}
