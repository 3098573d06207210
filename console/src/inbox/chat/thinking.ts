import type { Conversation, Message } from '../queries';

/** Longer than this nobody thinks: then something else is the matter. */
const LONGEST_MS = 3 * 60 * 1000;
const ASKED = new Set(['text', 'image', 'video', 'audio', 'document', 'sticker', 'location', 'contacts', 'button', 'interactive', 'order']);

/** Whether the agent is about to answer the newest message. */
export function isThinking({ owner, agent_id }: Conversation, newest: Message | undefined): boolean {
  return (
    owner === 'agent' &&
    agent_id != null &&
    newest?.direction === 'inbound' &&
    newest.outcome == null &&
    ASKED.has(newest.type) &&
    Date.now() - new Date(newest.created_at).getTime() < LONGEST_MS
  );
}
