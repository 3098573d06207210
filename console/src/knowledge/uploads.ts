/**
 * Files on their way to an agent. They go on while one looks at other pages, so they are kept outside of any component;
 * what has arrived leaves this list and stands among the agent's files.
 */
import { type QueryClient, useQueryClient } from '@tanstack/react-query';
import { useMemo, useSyncExternalStore } from 'react';

import { api, ApiFailure, changeHeaders, ok } from '~/api/client';
import { notifyFailure } from '~/parts/Failure';

import type { KnowledgeFile } from './queries';
import { isBinary, isText, type Refusal, refusalOf } from './kinds';

const AT_ONCE = 2;
const HEAD_BYTES = 4096;

export type UploadState =
  | { step: 'waiting' }
  /** There is a file of this name: what shall be done? */
  | { step: 'clash'; existing: KnowledgeFile }
  | { step: 'sending'; part: number }
  /** All was sent; the gateway reads it. */
  | { step: 'reading' }
  | { step: 'refused'; why: Refusal }
  | { step: 'failed'; error: unknown };

export interface Upload {
  key: number;
  agentId: string;
  file: File;
  state: UploadState;
  /** The file it takes the place of. */
  replaces?: string;
}

let all: Upload[] = [];
let nextKey = 1;
const listeners = new Set<() => void>();
const requests = new Map<number, XMLHttpRequest>();

function set(changed: Upload[]) {
  all = changed;
  for (const listener of listeners) listener();
}

function change(key: number, state: UploadState) {
  set(all.map((upload) => (upload.key === key ? { ...upload, state } : upload)));
}

function drop(key: number) {
  requests.get(key)?.abort();
  requests.delete(key);
  set(all.filter((upload) => upload.key !== key));
}

/** Sends one file and tells how far it is. */
function send(upload: Upload): Promise<KnowledgeFile> {
  return new Promise((done, failed) => {
    const request = new XMLHttpRequest();
    requests.set(upload.key, request);
    request.open('POST', `/api/v1/agents/${upload.agentId}/knowledge`);
    request.responseType = 'json';
    for (const [name, value] of Object.entries(changeHeaders())) request.setRequestHeader(name, value);
    request.upload.addEventListener('progress', ({ loaded, total }) => {
      change(upload.key, loaded < total ? { step: 'sending', part: loaded / total } : { step: 'reading' });
    });
    request.addEventListener('load', () => {
      const file = (request.response as { items?: KnowledgeFile[] } | null)?.items?.[0];
      if (request.status < 300 && file) done(file);
      else failed(new ApiFailure((request.response ?? {}) as object, request.status));
    });
    request.addEventListener('error', () => failed(new TypeError('the connection broke')));
    const form = new FormData();
    form.append('file', upload.file, upload.file.name);
    request.send(form);
  });
}

async function go(queryClient: QueryClient, upload: Upload) {
  change(upload.key, { step: 'sending', part: 0 });
  try {
    const head = new Uint8Array(await upload.file.slice(0, HEAD_BYTES).arrayBuffer());
    if (isText(upload.file.name) && isBinary(head)) return change(upload.key, { step: 'refused', why: 'binary' });
    await send(upload);
    if (upload.replaces) {
      // The new one is there; when the old one stays, it can still be deleted from the list.
      await ok(api.DELETE('/api/v1/knowledge/{file_id}', { params: { path: { file_id: upload.replaces } } })).catch(
        notifyFailure,
      );
    }
    await queryClient.invalidateQueries({ queryKey: ['get', '/api/v1/agents/{agent_id}/knowledge'] });
    void queryClient.invalidateQueries({ queryKey: ['get', '/api/v1/agents'] });
    drop(upload.key);
  } catch (error) {
    change(upload.key, { step: 'failed', error });
  } finally {
    requests.delete(upload.key);
    next(queryClient);
  }
}

/** Starts as many as may go at once. */
function next(queryClient: QueryClient) {
  const going = all.filter(({ state }) => state.step === 'sending' || state.step === 'reading').length;
  const waiting = all.filter(({ state }) => state.step === 'waiting');
  for (const upload of waiting.slice(0, Math.max(0, AT_ONCE - going))) void go(queryClient, upload);
}

/** An agent's uploads, and what can be done with them. */
export function useUploads(agentId: string) {
  const queryClient = useQueryClient();
  const everything = useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    () => all,
  );
  const uploads = useMemo(() => everything.filter((upload) => upload.agentId === agentId), [everything, agentId]);
  return useMemo(
    () => ({
      uploads,
      /** Takes files; one whose name is there already asks what to do. */
      add(files: File[], existing: KnowledgeFile[]) {
        const taken = files.map((file): Upload => {
          const why = refusalOf(file);
          const same = existing.find((other) => other.name === file.name);
          const state: UploadState = why
            ? { step: 'refused', why }
            : same
              ? { step: 'clash', existing: same }
              : { step: 'waiting' };
          return { key: nextKey++, agentId, file, state };
        });
        set([...all, ...taken]);
        next(queryClient);
      },
      /** Sends a file in the place of another. */
      replace(file: File, existing: KnowledgeFile) {
        const why = refusalOf(file);
        const state: UploadState = why ? { step: 'refused', why } : { step: 'waiting' };
        set([...all, { key: nextKey++, agentId, file, state, replaces: existing.id }]);
        next(queryClient);
      },
      settle(upload: Upload, how: 'replace' | 'both') {
        const replaces = how === 'replace' && upload.state.step === 'clash' ? upload.state.existing.id : undefined;
        const settled = { ...upload, replaces, state: { step: 'waiting' } as const };
        set(all.map((other) => (other.key === upload.key ? settled : other)));
        next(queryClient);
      },
      again(upload: Upload) {
        change(upload.key, { step: 'waiting' });
        next(queryClient);
      },
      drop(upload: Upload) {
        drop(upload.key);
        next(queryClient);
      },
    }),
    [agentId, queryClient, uploads],
  );
}
