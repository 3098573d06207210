/** A chat with an agent that nobody else sees: kept in this page alone. */
import { useCallback, useRef, useState } from 'react';

import { type Tried, tryAgent } from '../queries';

const LONGEST_HISTORY = 100;

export type ChatLine =
  | { key: number; from: 'customer'; text: string }
  | {
      key: number;
      from: 'agent';
      /** Null while it thinks, or when it broke. */
      tried: Tried | null;
      error?: unknown;
      took?: number;
      /** Whose instructions answered: a version's, or those not yet saved. */
      version: number | 'unsaved';
    };

export interface Asking {
  version: number;
  /** Set where they are not saved. */
  instructions?: string;
}

/** What was said, as the gateway wants it told. */
export function historyOf(lines: ChatLine[]) {
  return lines
    .flatMap((line) => {
      const text = line.from === 'customer' ? line.text : line.tried?.reply;
      return text ? [{ from: line.from, text }] : [];
    })
    .slice(-LONGEST_HISTORY);
}

export function useChat(agentId: string) {
  const [lines, setLines] = useState<ChatLine[]>([]);
  const [busy, setBusy] = useState(false);
  const key = useRef(1);
  const stop = useRef<AbortController>(null);

  const ask = useCallback(
    async (before: ChatLine[], message: string, asking: Asking) => {
      const question: ChatLine = { key: key.current++, from: 'customer', text: message };
      const answer: ChatLine = {
        key: key.current++,
        from: 'agent',
        tried: null,
        version: asking.instructions === undefined ? asking.version : 'unsaved',
      };
      setLines([...before, question, answer]);
      setBusy(true);
      const started = performance.now();
      const aborter = new AbortController();
      stop.current = aborter;
      const settle = (change: Partial<typeof answer>) =>
        setLines((all) => all.map((line) => (line.key === answer.key ? ({ ...line, ...change } as ChatLine) : line)));
      try {
        const body = { message, history: historyOf(before), instructions: asking.instructions };
        const tried = await tryAgent(agentId, body, aborter.signal);
        settle({ tried, took: performance.now() - started });
      } catch (error) {
        if (aborter.signal.aborted) return;
        settle({ error });
      } finally {
        if (stop.current === aborter) setBusy(false);
      }
    },
    [agentId],
  );

  return {
    lines,
    busy,
    send: (message: string, asking: Asking) => void ask(lines, message, asking),
    /** The last question again, perhaps with other instructions. */
    again(asking: Asking) {
      const last = lines.findLastIndex((line) => line.from === 'customer');
      const question = lines[last];
      if (question?.from === 'customer') void ask(lines.slice(0, last), question.text, asking);
    },
    clear() {
      stop.current?.abort();
      setBusy(false);
      setLines([]);
    },
  };
}

export type Chat = ReturnType<typeof useChat>;
