interface Person {
  name?: string | null;
  username?: string | null;
  phone?: string | null;
  user_id?: string | null;
  id: string;
}

/** What to call somebody: the best that is known of them. */
export function nameOf(person: Person): string {
  return person.name?.trim() || (person.username && `@${person.username}`) || person.phone || person.user_id || person.id;
}

/** What tells them apart from others of the same name. */
export function detailOf(person: Person): string | undefined {
  const name = nameOf(person);
  const known = [person.phone, person.username && `@${person.username}`, person.user_id];
  return known.find((detail): detail is string => !!detail && detail !== name);
}

/** Whether what was typed names this person: their phone in any usual writing, or else their name, as it stands. */
export function isNamed(person: Person, typed: string): boolean {
  const plain = (text: string) => text.normalize('NFKC').trim().replace(/\s+/g, ' ').toLowerCase();
  if (person.phone) {
    // No letters, and the same digits.
    return !/[^\d\s+().-]/.test(typed) && typed.replace(/\D/g, '') === person.phone.replace(/\D/g, '');
  }
  return plain(typed) === plain(nameOf(person));
}
