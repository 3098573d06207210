import { useQueryClient } from '@tanstack/react-query';

import { api, ok, type Schemas } from '~/api/client';
import { useSignIn } from '~/session';

/** Changes a workspace; what went wrong is thrown. */
export function useUpdateWorkspace(id: string) {
  const queryClient = useQueryClient();
  const { refresh } = useSignIn();
  return async (body: Schemas['UpdateWorkspace']) => {
    const params = { path: { workspace_id: id } };
    const workspace = await ok(api.PATCH('/api/v1/workspaces/{workspace_id}', { params, body }));
    await queryClient.invalidateQueries({ queryKey: ['get', '/api/v1/workspaces'] });
    // The frame shows its name.
    if (body.name) await refresh();
    return workspace;
  };
}
