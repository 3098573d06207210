/**
 * The live feed: what changes in the workspace, as it changes.
 *
 * Browsers allow few connections to one host, so of all open tabs one holds the feed and tells the others. When it goes, the
 * next one takes over from the last event that was heard: the feed resumes, nothing is missed.
 */
import { useEffect, useEffectEvent, useSyncExternalStore } from 'react';

import type { Schemas } from './client';

export interface FeedEvents {
  message: { message: Schemas['Message']; conversation_id: string };
  conversation: { conversation: Schemas['Conversation'] };
  note: { note: { id: string; conversation_id: string } };
  number: { number: Schemas['Number'] };
  notice: { notice: Schemas['Notice'] };
  file: { file: Schemas['KnowledgeFile'] };
  template: { template: Schemas['Template'] };
  agent: { agent_id: string; version: number; mode: string };
  presence: { conversation_id: string; actor: string; name: string; state: 'viewing' | 'typing' | 'gone' };
  gone: { kind: string; id: string };
  /** The feed no longer knows what was missed: read everything anew. */
  reset: object;
}
export type FeedType = keyof FeedEvents;

const TYPES: FeedType[] = [
  'message',
  'conversation',
  'note',
  'number',
  'notice',
  'file',
  'template',
  'agent',
  'presence',
  'gone',
  'reset',
];
const CHANNEL = 'switchboard-feed';
const LONGEST_PAUSE_MS = 30_000;

type Listener = (event: never) => void;
type Told = { type: FeedType; data: string; id: string };

const listeners = new Map<FeedType, Set<Listener>>();
const stateListeners = new Set<() => void>();
let live = false;
let lastId = '';

function tell({ type, data, id }: Told) {
  if (id) lastId = id;
  const parsed: unknown = JSON.parse(data);
  for (const listener of listeners.get(type) ?? []) listener(parsed as never);
}

function setLive(now: boolean) {
  if (live === now) return;
  live = now;
  for (const listener of stateListeners) listener();
}

/** Holds the feed until the signal; each event goes to this tab and, through the channel, to the others. */
function hold(channel: BroadcastChannel, signal: AbortSignal): Promise<void> {
  return new Promise((done) => {
    let source: EventSource | undefined;
    let pause = 500;
    let timer: ReturnType<typeof setTimeout> | undefined;

    const pass = (told: Told) => {
      tell(told);
      channel.postMessage(told);
    };
    const state = (now: boolean) => {
      setLive(now);
      channel.postMessage({ live: now });
    };
    const connect = () => {
      source = new EventSource(`/api/v1/feed${lastId ? `?after=${encodeURIComponent(lastId)}` : ''}`);
      source.addEventListener('hello', (event) => {
        lastId ||= (event as MessageEvent).lastEventId;
        pause = 500;
        state(true);
      });
      for (const type of TYPES) {
        source.addEventListener(type, (event) => {
          const { data, lastEventId } = event as MessageEvent<string>;
          pass({ type, data, id: lastEventId });
        });
      }
      source.addEventListener('error', () => {
        state(false);
        // The browser tries again by itself unless it was refused.
        if (source?.readyState !== EventSource.CLOSED || signal.aborted) return;
        timer = setTimeout(connect, pause);
        pause = Math.min(pause * 2, LONGEST_PAUSE_MS);
      });
    };
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      source?.close();
      state(false);
      done();
    });
    connect();
  });
}

/** Connects to the feed, or to the tab that holds it; returns how to stop. */
export function followFeed(): () => void {
  const stop = new AbortController();
  const channel = new BroadcastChannel(CHANNEL);
  channel.addEventListener('message', ({ data }: MessageEvent<Told | { live: boolean } | 'state?'>) => {
    if (data === 'state?') {
      if (live) channel.postMessage({ live });
    } else if ('live' in data) setLive(data.live);
    else tell(data);
  });
  channel.postMessage('state?');
  if (navigator.locks) {
    navigator.locks
      .request(CHANNEL, { signal: stop.signal }, () => hold(channel, stop.signal))
      // Stopped while it waited for its turn.
      .catch(() => undefined)
      .finally(() => channel.close());
  } else {
    void hold(channel, stop.signal).finally(() => channel.close());
  }
  return () => stop.abort();
}

/** Calls `listener` for each event of a type while the component is there. */
export function useFeed<T extends FeedType>(type: T, listener: (event: FeedEvents[T]) => void) {
  const latest = useEffectEvent(listener);
  useEffect(() => {
    const call = (event: FeedEvents[T]) => latest(event);
    const all = listeners.get(type) ?? new Set();
    listeners.set(type, all.add(call as Listener));
    return () => void all.delete(call as Listener);
  }, [type]);
}

/** Whether events arrive. */
export function useIsLive(): boolean {
  return useSyncExternalStore(
    (changed) => {
      stateListeners.add(changed);
      return () => void stateListeners.delete(changed);
    },
    () => live,
  );
}
