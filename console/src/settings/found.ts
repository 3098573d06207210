/** Looking for a setting. */
import type { Section } from './queries';

/** Sections with only those settings that hold the word and, if asked, were set by somebody. */
export function found(sections: Section[], word: string, onlySet: boolean): Section[] {
  const wanted = word.trim().toLowerCase();
  return sections
    .map((section) => ({
      ...section,
      settings: section.settings.filter(
        (setting) =>
          !(onlySet && setting.is_default) &&
          [`${section.name}.${setting.name}`, setting.environment ?? ''].some((name) => name.toLowerCase().includes(wanted)),
      ),
    }))
    .filter((section) => section.settings.length > 0);
}
