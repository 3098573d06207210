import { useEffect, useRef, useState } from 'react';

import { draftReply, type Tried } from '../queries';

export interface Drafted {
  tried: Tried;
  /** What stood there before. */
  before: string;
}

/** The agent's draft: asked for, put in place of what is written, and taken back again. */
export function useDraft(conversationId: string, text: string, setText: (text: string) => void) {
  const [drafted, setDrafted] = useState<Drafted>();
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();
  const asking = useRef<AbortController>(undefined);
  useEffect(() => () => asking.current?.abort(), []);

  const ask = async (instructions?: string) => {
    asking.current?.abort();
    const stop = new AbortController();
    asking.current = stop;
    setBusy(true);
    setError(undefined);
    try {
      const tried = await draftReply(conversationId, instructions, stop.signal);
      setDrafted({ tried, before: text });
      if (tried.reply) setText(tried.reply);
    } catch (thrown) {
      if (!stop.signal.aborted) setError(thrown);
    } finally {
      if (asking.current === stop) setBusy(false);
    }
  };
  return {
    drafted,
    isBusy,
    error,
    ask,
    undo: () => {
      if (drafted) setText(drafted.before);
      setDrafted(undefined);
    },
    /** What came of it was sent, or thrown away. */
    forget: () => {
      setDrafted(undefined);
      setError(undefined);
    },
  };
}
