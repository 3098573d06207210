import { useQueryClient } from '@tanstack/react-query';
import { useCallback, useState } from 'react';

import { api, ok } from '~/api/client';
import { notifyFailure } from '~/parts/Failure';
import { useSession } from '~/session';

import type { Conversation } from '../queries';
import { bring } from '../live';

/** Takes a conversation, or gives it back to the agent. Either closes its task. */
export function useOwnership(id: string) {
  const queryClient = useQueryClient();
  const { actor: me } = useSession();
  const [busy, setBusy] = useState<'take' | 'release'>();
  const change = useCallback(
    async (what: 'take' | 'release') => {
      setBusy(what);
      try {
        const init = { params: { path: { conversation_id: id } } };
        const answer = await ok(
          what === 'take'
            ? api.POST('/api/v1/conversations/{conversation_id}/take', init)
            : api.POST('/api/v1/conversations/{conversation_id}/release', init),
        );
        bring(queryClient, [{ type: 'conversation', conversation: answer as Conversation }], { me, open: id });
      } catch (error) {
        notifyFailure(error);
      } finally {
        setBusy(undefined);
      }
    },
    [queryClient, id, me],
  );
  return { busy, take: useCallback(() => change('take'), [change]), release: useCallback(() => change('release'), [change]) };
}
