import { useState } from 'react';

import { useChangeAgent } from './agent';
import type { Agent } from './queries';

/** The API's bound. */
export const MAX_INSTRUCTIONS = 50_000;

/** The instructions as they are being written, beside those that answer. */
export function useDraft(agent: Agent) {
  const change = useChangeAgent(agent.id);
  const [text, setText] = useState(agent.instructions);
  const [base, setBase] = useState({ version: agent.version, instructions: agent.instructions });
  const [saving, setSaving] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const isDirty = text !== base.instructions;

  // A newer version: followed where nothing of one's own would be lost.
  if (agent.version > base.version && (!isDirty || agent.instructions === base.instructions || agent.instructions === text)) {
    if (!isDirty) setText(agent.instructions);
    setBase({ version: agent.version, instructions: agent.instructions });
  }
  const isBehind = agent.version > base.version;
  const isFine = text.trim() !== '' && text.length <= MAX_INSTRUCTIONS;

  return {
    text,
    setText,
    isDirty,
    isFine,
    saving,
    error,
    /** Somebody else's version that came meanwhile and says something else. */
    theirs: isBehind ? agent : null,
    takeTheirs() {
      setText(agent.instructions);
      setBase({ version: agent.version, instructions: agent.instructions });
    },
    keepMine: () => setBase({ version: agent.version, instructions: agent.instructions }),
    discard() {
      setText(base.instructions);
      setError(null);
    },
    async save() {
      if (!isDirty || saving || !isFine || isBehind) return;
      setSaving(true);
      setError(null);
      try {
        const saved = await change({ instructions: text });
        setBase({ version: saved.version, instructions: saved.instructions });
      } catch (thrown) {
        setError(thrown);
      } finally {
        setSaving(false);
      }
    },
  };
}

export type Draft = ReturnType<typeof useDraft>;
