/** What somebody has begun to write, by conversation: it is there again when they come back, and after a reload of the tab. */
import { useCallback, useSyncExternalStore } from 'react';

const STORED = 'switchboard-unsent';
const MOST = 100;

const texts = read();
const listeners = new Set<() => void>();
let saving: ReturnType<typeof setTimeout> | undefined;

function read(): Map<string, string> {
  try {
    const stored: unknown = JSON.parse(sessionStorage.getItem(STORED) ?? '[]');
    return new Map(stored as [string, string][]);
  } catch {
    return new Map();
  }
}

function save() {
  saving = undefined;
  try {
    sessionStorage.setItem(STORED, JSON.stringify([...texts].slice(-MOST)));
  } catch {
    // No room: the tab still has it in memory.
  }
}

export function setUnsent(key: string, text: string) {
  texts.delete(key);
  if (text) texts.set(key, text);
  saving ??= setTimeout(save, 400);
  for (const listener of listeners) listener();
}

function subscribe(changed: () => void) {
  listeners.add(changed);
  return () => void listeners.delete(changed);
}

/** The text that was begun under a key, such as a conversation's id. */
export function useUnsent(key: string): [string, (text: string) => void] {
  const text = useSyncExternalStore(subscribe, () => texts.get(key) ?? '');
  const set = useCallback((next: string) => setUnsent(key, next), [key]);
  return [text, set];
}
