import { useEffect, useRef, useState } from 'react';

import { api } from '~/api/client';

import { type FileKind, judge, settledKind, type Verdict } from './sendable';
import { upload } from './upload';

export interface Attachment {
  id: string;
  file: File;
  verdict: Verdict;
  /** What it is sent as. */
  kind: FileKind;
  /** To show it from this machine. */
  url: string;
  progress: number;
  mediaId?: string;
  error?: unknown;
}

/** Files that are to be sent with the next message. Each is uploaded as soon as it is chosen. */
export function useAttachments() {
  const [attachments, setAttachments] = useState<Attachment[]>([]);
  const running = useRef(new Map<string, AbortController>());

  const change = (id: string, by: Partial<Attachment>) =>
    setAttachments((all) => all.map((one) => (one.id === id ? { ...one, ...by } : one)));

  const start = async (attachment: Attachment) => {
    const stop = new AbortController();
    running.current.set(attachment.id, stop);
    change(attachment.id, { error: undefined, progress: 0 });
    try {
      const media = await upload(attachment.file, (progress) => change(attachment.id, { progress }), stop.signal);
      change(attachment.id, { mediaId: media.id, progress: 1, kind: settledKind(attachment.kind, media.kind) });
    } catch (error) {
      if (!stop.signal.aborted) change(attachment.id, { error });
    } finally {
      running.current.delete(attachment.id);
    }
  };

  const add = (files: Iterable<File>) => {
    for (const file of files) {
      const verdict = judge(file);
      const attachment: Attachment = {
        id: crypto.randomUUID(),
        file,
        verdict,
        kind: verdict.kind,
        url: URL.createObjectURL(file),
        progress: 0,
      };
      setAttachments((all) => [...all, attachment]);
      if (verdict.note !== 'tooLarge' && verdict.note !== 'empty') void start(attachment);
    }
  };

  const remove = (id: string) => {
    running.current.get(id)?.abort();
    const gone = attachments.find((one) => one.id === id);
    if (gone) URL.revokeObjectURL(gone.url);
    // Nobody needs what was uploaded and never sent.
    if (gone?.mediaId) void api.DELETE('/api/v1/media/{media_id}', { params: { path: { media_id: gone.mediaId } } });
    setAttachments((all) => all.filter((one) => one.id !== id));
  };

  useEffect(() => {
    const stops = running.current;
    return () => {
      for (const stop of stops.values()) stop.abort();
    };
  }, []);

  return {
    attachments,
    add,
    remove,
    retry: start,
    setKind: (id: string, kind: FileKind) => change(id, { kind }),
    /** They are on their way: nothing is left to remove. */
    clear: () => setAttachments([]),
    isReady: attachments.every((one) => one.mediaId !== undefined),
  };
}
