/** One voice message plays at a time, and goes on when its bubble is scrolled away. */
import { useSyncExternalStore } from 'react';

export interface Playing {
  id: string;
  isPlaying: boolean;
  at: number;
  length: number;
  rate: number;
  isBroken: boolean;
}

const RATES = [1, 1.5, 2];

let audio: HTMLAudioElement | undefined;
let state: Playing | undefined;
const listeners = new Set<() => void>();

function set(change: Partial<Playing>) {
  if (!state) return;
  state = { ...state, ...change };
  for (const listener of listeners) listener();
}

function player(): HTMLAudioElement {
  if (audio) return audio;
  audio = new Audio();
  const sound = audio;
  const length = () => (Number.isFinite(sound.duration) ? sound.duration : 0);
  sound.addEventListener('timeupdate', () => set({ at: sound.currentTime, length: length() }));
  sound.addEventListener('durationchange', () => set({ length: length() }));
  sound.addEventListener('play', () => set({ isPlaying: true }));
  sound.addEventListener('pause', () => set({ isPlaying: false }));
  sound.addEventListener('ended', () => set({ isPlaying: false, at: 0 }));
  sound.addEventListener('error', () => set({ isPlaying: false, isBroken: true }));
  return sound;
}

/** Plays, or stops for a while. */
export function toggle(id: string, url: string) {
  const sound = player();
  if (state?.id !== id) {
    const rate = state?.rate ?? 1;
    state = { id, isPlaying: false, at: 0, length: 0, rate, isBroken: false };
    sound.src = url;
    sound.playbackRate = rate;
  }
  if (sound.paused) sound.play().catch(() => undefined);
  else sound.pause();
}

export function seek(id: string, at: number) {
  if (state?.id === id) player().currentTime = at;
}

export function faster() {
  const rate = RATES[(RATES.indexOf(state?.rate ?? 1) + 1) % RATES.length]!;
  player().playbackRate = rate;
  set({ rate });
}

/** How a voice message plays; nothing while it does not. */
export function usePlaying(id: string): Playing | undefined {
  return useSyncExternalStore(
    (changed) => {
      listeners.add(changed);
      return () => void listeners.delete(changed);
    },
    () => (state?.id === id ? state : undefined),
  );
}
