import { useDirection } from '@mantine/core';
import { useCallback } from 'react';

import { chooseLanguage, directionOf, type Language } from '~/i18n';

/** Changes the language of the console, and the direction it is read in. */
export function useSpeak() {
  const { setDirection } = useDirection();
  return useCallback(
    async (language: Language) => {
      await chooseLanguage(language);
      setDirection(directionOf(language));
    },
    [setDirection],
  );
}
