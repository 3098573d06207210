/** Reads a webhook's body for people. Nothing of it is taken for granted: it is whatever was posted. */

export interface Came {
  /** What it brought, each kind once with how often: `message` `text`, `status` `read`, or a field of Meta's. */
  pieces: { what: 'message' | 'status' | 'field'; word: string; count: number }[];
  /** Meta's ids of the messages it is about. */
  wamids: string[];
  /** Whom it is about, as far as it says. */
  names: string[];
}

type Thing = Record<string, unknown>;

/** The body as a value; `undefined` when it is no JSON. */
export function parsed(body: string): unknown {
  try {
    return JSON.parse(body) as unknown;
  } catch {
    return undefined;
  }
}

export function whatCame(body: unknown): Came {
  const counts = new Map<string, Came['pieces'][number]>();
  const wamids = new Set<string>();
  const names = new Set<string>();
  const add = (what: Came['pieces'][number]['what'], word: string) => {
    const piece = counts.get(`${what} ${word}`) ?? { what, word, count: 0 };
    counts.set(`${what} ${word}`, { ...piece, count: piece.count + 1 });
  };

  for (const change of things(thing(body).entry).flatMap((entry) => things(entry.changes))) {
    const value = thing(change.value);
    const messages = [...things(value.messages), ...things(value.message_echoes)];
    const statuses = things(value.statuses);
    for (const message of messages) add('message', text(message.type) ?? '?');
    for (const status of statuses) add('status', text(status.status) ?? '?');
    for (const one of [...messages, ...statuses]) {
      const wamid = text(one.id);
      if (wamid) wamids.add(wamid);
    }
    for (const contact of things(value.contacts)) {
      const name = text(thing(contact.profile).name) ?? text(contact.wa_id);
      if (name) names.add(name);
    }
    if (messages.length + statuses.length === 0) add('field', text(change.field) ?? '?');
  }
  return { pieces: [...counts.values()], wamids: [...wamids], names: [...names] };
}

function thing(value: unknown): Thing {
  return value !== null && typeof value === 'object' && !Array.isArray(value) ? (value as Thing) : {};
}

function things(value: unknown): Thing[] {
  return Array.isArray(value) ? value.map(thing) : [];
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value.trim() ? value : undefined;
}
