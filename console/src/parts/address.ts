/** What the address says after its `?`: filters, and what is open. So a view can be shared, kept and gone back to. */
import { useNavigate, useRouterState } from '@tanstack/react-router';
import { useCallback, useMemo } from 'react';

type Words<Key extends string> = Partial<Record<Key, string>>;

/**
 * The words of these keys, and how to change some of them; `undefined` or nothing takes one out. A change takes the place of
 * the address, unless it is `opened`: then "back" leads to what was there before.
 */
export function useAddress<const Key extends string>(
  ...keys: Key[]
): [Words<Key>, (change: Words<Key>, opened?: 'opened') => void] {
  const navigate = useNavigate();
  const search = useRouterState({ select: (state) => state.location.search }) as Record<string, unknown>;
  const wanted = keys.join();
  const words = useMemo(() => {
    const told = (wanted.split(',') as Key[]).map((key) => [key, wordOf(search[key])] as const);
    return Object.fromEntries(told.filter(([, word]) => word !== undefined)) as Words<Key>;
  }, [search, wanted]);
  const change = useCallback(
    (changes: Words<Key>, opened?: 'opened') =>
      void navigate({
        to: '.',
        search: (before: Record<string, unknown>) => withChanges(before, changes),
        replace: !opened,
        resetScroll: false,
      } as never),
    [navigate],
  );
  return [words, change];
}

/** The router reads `5` and `true` as what they are in JSON; here all are words. */
function wordOf(value: unknown): string | undefined {
  if (typeof value === 'string') return value || undefined;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined;
}

function withChanges(before: Record<string, unknown>, changes: Record<string, string | undefined>) {
  const after = { ...before };
  for (const [key, word] of Object.entries(changes)) {
    if (word) after[key] = word;
    else delete after[key];
  }
  return after;
}

/** The word if it is one of these. */
export function oneOf<const Word extends string>(words: readonly Word[], word: string | undefined): Word | undefined {
  return words.find((known) => known === word);
}
