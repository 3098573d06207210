/** The console's words. Each folder keeps its own in `words/<language>.json`; the folder's name is the namespace. */
import i18next, { type BackendModule, type Namespace, type ResourceKey } from 'i18next';
import { initReactI18next } from 'react-i18next';

export const LANGUAGES = { en: 'English', es: 'Español', pt: 'Português', ar: 'العربية' } as const;
export type Language = keyof typeof LANGUAGES;

const STORED_LANGUAGE = 'switchboard-language';

const files = import.meta.glob<ResourceKey>('../*/words/*.json', { import: 'default' });

/** Words are loaded when something that says them is: by a page beforehand, or by `useTranslation`, which suspends. */
const wordFiles: BackendModule = {
  type: 'backend',
  init: () => {},
  read: (language, namespace, done) => {
    const load = files[`../${namespace}/words/${language}.json`];
    if (!load) return done(`no words of ${namespace} in ${language}`, false);
    load().then(
      (words) => done(null, words),
      (error) => done(error, true),
    );
  },
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

let started: Promise<void> | undefined;

/** Loads what the frame says in the chosen language; once, however often it is asked for. */
export function startWords(): Promise<void> {
  started ??= start();
  return started;
}

/** Loads the words of a page beforehand. */
export async function loadWords(namespaces: Namespace): Promise<void> {
  await startWords();
  await i18next.loadNamespaces(namespaces);
}

async function start(): Promise<void> {
  const language = chosenLanguage();
  await i18next.use(wordFiles).use(initReactI18next).init({
    lng: language,
    // Every language has every word.
    fallbackLng: false,
    defaultNS: 'shell',
    ns: ['shell', 'parts'],
    // React escapes; nothing here is ever markup.
    interpolation: { escapeValue: false },
    returnNull: false,
  });
  show(language);
}

export async function chooseLanguage(language: Language): Promise<void> {
  localStorage.setItem(STORED_LANGUAGE, language);
  await i18next.changeLanguage(language);
  show(language);
}

function show(language: Language) {
  document.documentElement.lang = language;
  document.documentElement.dir = directionOf(language);
}
