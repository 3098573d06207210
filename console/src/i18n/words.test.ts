import { describe, expect, it } from 'vitest';

type Words = { [key: string]: string | Words };

const files = import.meta.glob<Words>('../*/words/*.json', { eager: true, import: 'default' });
const folders = [...new Set(Object.keys(files).map((path) => path.split('/').at(-3)!))];

/** `filter.unread` and its text; plural forms count as one key, since languages have different ones. */
function flat(words: Words, prefix = ''): Map<string, string> {
  const found = new Map<string, string>();
  for (const [key, value] of Object.entries(words)) {
    const name = prefix + key.replace(/_(zero|one|two|few|many|other)$/, '');
    if (typeof value === 'string') found.set(name, value);
    else for (const [inner, text] of flat(value, `${name}.`)) found.set(inner, text);
  }
  return found;
}

const placeholders = (text: string) => [...new Set(text.match(/\{\{[^}]+\}\}|<\/?\w+>/g) ?? [])].sort();

describe.each(folders)('the words of %s', (folder) => {
  const english = flat(files[`../${folder}/words/en.json`] ?? {});

  it.each(['es', 'pt', 'ar'])('are all there in %s, with the same places to fill', (language) => {
    const translated = flat(files[`../${folder}/words/${language}.json`] ?? {});
    expect([...translated.keys()].sort()).toEqual([...english.keys()].sort());
    for (const [key, text] of translated) {
      expect(text.trim(), key).not.toBe('');
      const expected = placeholders(english.get(key) ?? '').filter((place) => place !== '{{count}}');
      expect(placeholders(text).filter((place) => place !== '{{count}}'), key).toEqual(expected);
    }
  });
});
