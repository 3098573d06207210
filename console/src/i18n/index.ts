/**
 * The console's words. Each folder keeps its own in `words/<language>.json`; the folder's name is the namespace. A language
 * is one chunk that is loaded when it is chosen; what a language lacks is shown in English.
 */
import i18next, { type Resource, type ResourceLanguage } from 'i18next';
import { initReactI18next } from 'react-i18next';

export const LANGUAGES = { en: 'English', es: 'Español', pt: 'Português', ar: 'العربية' } as const;
export type Language = keyof typeof LANGUAGES;

const STORED_LANGUAGE = 'switchboard-language';

const loaders: Record<Language, () => Promise<{ words: ResourceLanguage }>> = {
  en: () => import('./en'),
  es: () => import('./es'),
  pt: () => import('./pt'),
  ar: () => import('./ar'),
};

export function isLanguage(word: string | null | undefined): word is Language {
  return word != null && word in LANGUAGES;
}

export function chosenLanguage(): Language {
  const stored = localStorage.getItem(STORED_LANGUAGE);
  if (isLanguage(stored)) return stored;
  const preferred = navigator.languages.map((tag) => tag.slice(0, 2)).find(isLanguage);
  return preferred ?? 'en';
}

export function directionOf(language: Language): 'ltr' | 'rtl' {
  return language === 'ar' ? 'rtl' : 'ltr';
}

/** Loads the words of the chosen language, and English below them. */
export async function startWords(): Promise<void> {
  const language = chosenLanguage();
  const resources: Resource = { en: (await loaders.en()).words };
  if (language !== 'en') resources[language] = (await loaders[language]()).words;
  await i18next.use(initReactI18next).init({
    lng: language,
    fallbackLng: 'en',
    defaultNS: 'shell',
    resources,
    // React escapes; nothing here is ever markup.
    interpolation: { escapeValue: false },
    returnNull: false,
  });
  show(language);
}

export async function chooseLanguage(language: Language): Promise<void> {
  const { words } = await loaders[language]();
  for (const [namespace, entries] of Object.entries(words)) {
    i18next.addResourceBundle(language, namespace, entries);
  }
  localStorage.setItem(STORED_LANGUAGE, language);
  await i18next.changeLanguage(language);
  show(language);
}

function show(language: Language) {
  document.documentElement.lang = language;
  document.documentElement.dir = directionOf(language);
}
