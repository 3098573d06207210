/** Which colleagues look at a conversation, or write in it. Nobody keeps it: who says nothing for a minute is gone. */
import { useEffect, useSyncExternalStore } from 'react';

import { useFeed } from '~/api/feed';
import { useSession } from '~/session';

import { type PresenceState, tellPresence } from './queries';

export interface Colleague {
  actor: string;
  name: string;
  state: 'viewing' | 'typing';
  at: number;
}

const SAY_AGAIN_MS = 25_000;
const GONE_AFTER_MS = 60_000;
/** Somebody who stopped writing without saying so. */
const STOPPED_AFTER_MS = 40_000;

const NOBODY: Colleague[] = [];
let present = new Map<string, Colleague[]>();
const listeners = new Set<() => void>();

function tell() {
  for (const listener of listeners) listener();
}

function put(conversationId: string, colleagues: Colleague[]) {
  present = new Map(present);
  if (colleagues.length > 0) present.set(conversationId, colleagues);
  else present.delete(conversationId);
  tell();
}

/** Drops who has not been heard of for long. */
function tidy() {
  const now = Date.now();
  for (const [id, colleagues] of present) {
    const here = colleagues
      .filter((colleague) => now - colleague.at < GONE_AFTER_MS)
      .map((one) => (one.state === 'typing' && now - one.at > STOPPED_AFTER_MS ? { ...one, state: 'viewing' as const } : one));
    if (here.length !== colleagues.length || here.some((one, at) => one !== colleagues[at])) put(id, here);
  }
}

let announced: { id: string; state: PresenceState } | undefined;

/** Hears of colleagues, and tells newcomers to the open conversation that we are there too. */
export function usePresenceFeed() {
  const { actor: me } = useSession();
  useFeed('presence', ({ conversation_id: id, actor, name, state }) => {
    if (actor === me) return;
    const others = (present.get(id) ?? NOBODY).filter((colleague) => colleague.actor !== actor);
    const isNew = others.length === (present.get(id)?.length ?? 0);
    put(id, state === 'gone' ? others : [...others, { actor, name: name || actor, state, at: Date.now() }]);
    if (isNew && state !== 'gone' && announced?.id === id) void tellPresence(id, announced.state);
  });
  useEffect(() => {
    const timer = setInterval(tidy, 5_000);
    return () => clearInterval(timer);
  }, []);
}

export function useColleagues(conversationId: string): Colleague[] {
  return useSyncExternalStore(
    (changed) => {
      listeners.add(changed);
      return () => void listeners.delete(changed);
    },
    () => present.get(conversationId) ?? NOBODY,
  );
}

/** Tells colleagues that we are in the conversation, and whether we write. */
export function useAnnounce(conversationId: string, isTyping: boolean, mayTell: boolean) {
  const state = isTyping ? 'typing' : 'viewing';
  useEffect(() => {
    if (!mayTell) return;
    const say = () => {
      if (document.visibilityState === 'hidden') return;
      announced = { id: conversationId, state };
      void tellPresence(conversationId, state);
    };
    say();
    const timer = setInterval(say, SAY_AGAIN_MS);
    document.addEventListener('visibilitychange', say);
    return () => {
      clearInterval(timer);
      document.removeEventListener('visibilitychange', say);
    };
  }, [conversationId, state, mayTell]);
  useEffect(() => {
    if (!mayTell) return;
    const leave = () => {
      announced = undefined;
      void tellPresence(conversationId, 'gone');
    };
    window.addEventListener('pagehide', leave);
    return () => {
      window.removeEventListener('pagehide', leave);
      leave();
    };
  }, [conversationId, mayTell]);
}
