/** The prompt as one types: assembled by the gateway, no model asked. */
import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useQuery } from '@tanstack/react-query';

import { ApiFailure } from '~/api/client';
import { useMay } from '~/session';
import { readTrace } from '~/why/trace';

import { type Agent, tryAgent, type TryAgent } from '../queries';

const PAUSE_MS = 400;
/** Asks for nothing: for counting the instructions alone. */
const NO_QUESTION = '?';
/** Of plain English; only until the gateway has counted. */
const CHARS_PER_TOKEN = 4.4;

// A gateway that does not know previews says so once.
let isRefused = false;

/** The prompt of a question; undefined until there is one, or where the gateway knows no previews. */
export function usePreview(agent: Agent, asked: { message: string; history: TryAgent['history']; instructions: string }) {
  const mayTry = useMay('editor');
  const [{ message, history, instructions }] = useDebouncedValue(asked, PAUSE_MS, { leading: true });
  const own = instructions === agent.instructions ? undefined : instructions;
  return useQuery({
    // The version, since an agent's other settings shape the prompt too.
    queryKey: ['preview', agent.id, agent.version, message, history, own],
    queryFn: async ({ signal }) => {
      try {
        const body = { message: message.trim() || NO_QUESTION, history, instructions: own, preview: true };
        return await tryAgent(agent.id, body, signal);
      } catch (error) {
        if (error instanceof ApiFailure && error.status === 400 && error.message.includes('preview')) {
          isRefused = true;
          return null;
        }
        throw error;
      }
    },
    enabled: mayTry && !isRefused && instructions.trim() !== '',
    placeholderData: keepPreviousData,
    staleTime: 30_000,
    gcTime: 60_000,
    retry: false,
  });
}

const NOTHING_SAID: TryAgent['history'] = [];

/** How many tokens instructions are: by the gateway's count, or about. */
export function useInstructionTokens(agent: Agent, text: string) {
  const preview = usePreview(agent, { message: '', history: NOTHING_SAID, instructions: text });
  const shares = readTrace(preview.data?.trace).prompt;
  return {
    tokens: shares?.instructions_tokens ?? Math.ceil(text.length / CHARS_PER_TOKEN),
    isExact: shares !== undefined,
    isCut: shares?.instructions_cut ?? false,
  };
}
