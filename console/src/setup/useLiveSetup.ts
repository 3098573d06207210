import { useThrottledCallback } from '@mantine/hooks';
import { useQueryClient } from '@tanstack/react-query';

import { useFeed } from '~/api/feed';
import { SETUP_KEY, useSetup } from './queries';
import { nextStep } from './progress';

/** On a busy gateway events come faster than anybody looks. */
const PAUSE_MS = 1000;

/** The first steps as they stand; asked anew when something happens that may be one of them, until all are done. */
export function useLiveSetup(enabled = true) {
  const queryClient = useQueryClient();
  const setup = useSetup(enabled);
  const open = setup.data ? nextStep(setup.data) !== null : false;
  const ask = useThrottledCallback(() => void queryClient.invalidateQueries({ queryKey: SETUP_KEY }), PAUSE_MS);
  const look = () => {
    if (open) ask();
  };
  useFeed('number', look);
  useFeed('agent', look);
  useFeed('file', look);
  useFeed('message', look);
  useFeed('conversation', look);
  return setup;
}
