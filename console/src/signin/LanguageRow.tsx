import { UnstyledButton } from '@mantine/core';
import { useTranslation } from 'react-i18next';

import { type Language, LANGUAGES } from '~/i18n';
import classes from './Door.module.css';
import { useSpeak } from './useSpeak';

/** Every language in its own words, to be chosen before anybody is signed in. */
export function LanguageRow() {
  const { t, i18n } = useTranslation('signin');
  const speak = useSpeak();
  return (
    <div className={classes.languages} role="group" aria-label={t('language')}>
      {(Object.keys(LANGUAGES) as Language[]).map((language) => (
        <UnstyledButton
          key={language}
          lang={language}
          className={classes.language}
          aria-pressed={i18n.language === language}
          onClick={() => speak(language)}
        >
          {LANGUAGES[language]}
        </UnstyledButton>
      ))}
    </div>
  );
}
