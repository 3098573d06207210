import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';

import { type Fact, FACTS } from './gaps';

/** What the editor says, in the language that is chosen. */
export interface EditorWords {
  facts: { name: Fact; about: string; insert: string }[];
  known: string;
  unknown: string;
  /** CodeMirror's own phrases. */
  phrases: Record<string, string>;
}

export function useEditorWords(): EditorWords {
  const { t } = useTranslation('agents');
  return useMemo(
    () => ({
      facts: FACTS.map((name) => {
        const key = name.replace('facts.', '') as 'now';
        return { name, about: t(`facts.${key}.about`), insert: t(`facts.${key}.insert`) };
      }),
      known: t('editor.known'),
      unknown: t('editor.unknown'),
      phrases: phrases(t),
    }),
    [t],
  );
}

function phrases(t: ReturnType<typeof useTranslation<'agents'>>['t']): Record<string, string> {
  return {
    Find: t('editor.find.find'),
    Replace: t('editor.find.replace'),
    next: t('editor.find.next'),
    previous: t('editor.find.previous'),
    all: t('editor.find.all'),
    'match case': t('editor.find.case'),
    'by word': t('editor.find.word'),
    regexp: t('editor.find.pattern'),
    replace: t('editor.find.replaceOne'),
    'replace all': t('editor.find.replaceAll'),
    close: t('editor.find.close'),
    Completions: t('editor.completions'),
    '$ unchanged lines': t('versions.unchanged'),
  };
}
