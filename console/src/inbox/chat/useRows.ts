import { useLayoutEffect, useMemo, useReducer, useState } from 'react';

import { type Chat, kept, type Row, step, toRows } from './rows';

/** The rows of a chat: each the same object for as long as nothing about it changes. */
export function useRows({ messages, notes, pending, unread, isThinking, isFromStart }: Chat): Row[] {
  const [keeper] = useState(() => new Keeper());
  return useMemo(
    () => keeper.take(toRows({ messages, notes, pending, unread, isThinking, isFromStart })),
    [keeper, messages, notes, pending, unread, isThinking, isFromStart],
  );
}

/** Remembers rows by their keys. Taking the same rows twice gives the same. */
class Keeper {
  #rows = new Map<string, Row>();

  take(rows: Row[]): Row[] {
    const same = kept(rows, this.#rows);
    this.#rows = new Map(same.map((row) => [row.key, row]));
    return same;
  }
}

/** Shows rows in steps that each change one end, so that the list keeps its place. */
export function useSteps(rows: Row[]): { rows: Row[]; shift: boolean } {
  const [way] = useState(() => new Way());
  const [turn, again] = useReducer((count: number) => count + 1, 0);
  const next = useMemo(() => ({ ...way.to(rows), turn }), [way, rows, turn]);
  useLayoutEffect(() => {
    way.arrive(next.rows);
    if (!next.done) again();
  }, [way, next]);
  return next;
}

class Way {
  #shown: Row[] = [];

  to(rows: Row[]) {
    return step(this.#shown, rows);
  }

  arrive(rows: Row[]) {
    this.#shown = rows;
  }
}
