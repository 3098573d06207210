/** What people are called, and how they are told apart at a glance. */
import type { Schemas } from '~/api/client';

type Contact = Schemas['ConversationContact'];

export function contactName(contact: Contact): string {
  return contact.name?.trim() || handle(contact) || contact.phone || contact.user_id || contact.id;
}

const handle = (contact: Contact) => (contact.username ? `@${contact.username}` : undefined);

/** What stands below the name: the phone, or whatever else they are known by. */
export function contactAddress(contact: Contact): string | undefined {
  const address = contact.phone ?? handle(contact) ?? contact.user_id ?? undefined;
  return address === contactName(contact) ? undefined : address;
}

/** One or two letters of a name; nothing where there are none, as in a phone number. */
export function initials(name: string): string {
  const words = name.split(/[\s._-]+/).filter((word) => /^\p{L}/u.test(word));
  const first = (word: string | undefined) => (word ? ([...word][0] ?? '').toLocaleUpperCase() : '');
  return words.length > 1 ? first(words[0]) + first(words.at(-1)) : first(words[0]);
}

export const TONES = 8;

/** The same of eight colours for the same id, always. */
export function toneOf(id: string): number {
  let sum = 0;
  for (let at = 0; at < id.length; at += 1) sum = (sum * 31 + id.charCodeAt(at)) % 9973;
  return sum % TONES;
}
