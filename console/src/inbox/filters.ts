/** What the address of the inbox says, as the API's filters; and whether a conversation fits them. */
import type { InboxSearch } from '~/router';

import type { Conversation, ConversationFilter } from './queries';

export type Show = NonNullable<InboxSearch['show']>;

/** What of the address belongs to the list, and not to one message. */
export const listSearch = ({ show, number, agent, q }: InboxSearch): InboxSearch => ({ show, number, agent, q });

export const TABS = ['all', 'unread', 'mine', 'human', 'tasks', 'closing'] as const satisfies Show[];

const HOUR_MS = 60 * 60 * 1000;
/** A window with no more than this left is closing. */
export const CLOSING_MS = 2 * HOUR_MS;

const OF_TAB: Record<Show, ConversationFilter> = {
  all: {},
  unread: { unread: true },
  mine: { taken_by: 'me' },
  human: { owner: 'human' },
  agent: { owner: 'agent' },
  tasks: { task: 'open' },
  closing: { window: 'closing' },
};

export function filterOf({ show, number, agent, q }: InboxSearch): ConversationFilter {
  const words = q?.trim();
  return {
    ...(OF_TAB[show ?? 'all'] ?? {}),
    ...(number ? { number_id: number } : {}),
    ...(agent ? { agent_id: agent } : {}),
    ...(words ? { q: words } : {}),
  };
}

/** Until when free-form messages may be sent; null where nothing is known of a window. */
export function windowEnd(conversation: Pick<Conversation, 'window_closes_at' | 'free_entry_until'>): number | null {
  const ends = [conversation.window_closes_at, conversation.free_entry_until].filter((at) => at != null);
  return ends.length > 0 ? Math.max(...ends.map((at) => new Date(at).getTime())) : null;
}

export function fits(conversation: Conversation, filter: ConversationFilter, me: string, now: number): boolean {
  const { contact } = conversation;
  if (filter.number_id && conversation.number_id !== filter.number_id) return false;
  if (filter.agent_id && conversation.agent_id !== filter.agent_id) return false;
  if (filter.owner && conversation.owner !== filter.owner) return false;
  if (filter.taken_by && conversation.taken_by !== (filter.taken_by === 'me' ? me : filter.taken_by)) return false;
  if (filter.task && conversation.task !== filter.task) return false;
  if (filter.unread && conversation.unread === 0) return false;
  if (filter.window === 'closing') {
    const left = (windowEnd(conversation) ?? 0) - now;
    if (left <= 0 || left > CLOSING_MS) return false;
  }
  if (filter.q) {
    const words = filter.q.toLocaleLowerCase();
    const digits = words.replace(/[^0-9]/g, '');
    const names = [contact.name, contact.username, contact.user_id].filter((name) => name != null);
    const isNamed = names.some((name) => name.toLocaleLowerCase().includes(words));
    const isPhone = digits.length > 2 && /^[\d\s()+.-]+$/.test(words) && (contact.phone ?? '').includes(digits);
    if (!isNamed && !isPhone) return false;
  }
  return true;
}
