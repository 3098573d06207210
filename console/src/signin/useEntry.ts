import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';

import { ApiFailure } from '~/api/client';
import { isLanguage } from '~/i18n';
import { type Session, useSignIn } from '~/session';
import { useSpeak } from './useSpeak';

/** Where the API does not say how long to wait. */
const UNSAID_WAIT_SECS = 60;

/** Lets somebody in, and keeps what stood in the way. */
export function useEntry() {
  const { begin } = useSignIn();
  const speak = useSpeak();
  const queryClient = useQueryClient();
  const [error, setError] = useState<unknown>(null);
  /** When the next try is welcome. */
  const [waitUntil, setWaitUntil] = useState(0);

  const enter = async (ask: () => Promise<Session>): Promise<boolean> => {
    setError(null);
    try {
      const session = await ask();
      // What somebody else looked at before is not for this one.
      queryClient.removeQueries({ predicate: ({ queryKey }) => queryKey[0] === 'get' });
      if (isLanguage(session.language)) await speak(session.language);
      begin(session);
      return true;
    } catch (thrown) {
      if (thrown instanceof ApiFailure && thrown.status === 429) {
        setWaitUntil(Date.now() + (thrown.retryAfterSecs ?? UNSAID_WAIT_SECS) * 1000);
      }
      setError(thrown);
      return false;
    }
  };

  return { enter, error, setError, waitUntil };
}
