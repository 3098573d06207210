import type { ResourceLanguage } from 'i18next';

/** `../keys/words/en.json` -> namespace `keys`. */
export function gather(files: Record<string, unknown>): ResourceLanguage {
  const named = Object.entries(files).map(([path, words]) => [path.split('/').at(-3) ?? path, words]);
  return Object.fromEntries(named) as ResourceLanguage;
}
