import { Stack, Text, Title } from '@mantine/core';
import { IconChecks, IconRobot } from '@tabler/icons-react';
import { type ReactNode, useEffect } from 'react';
import { useTranslation } from 'react-i18next';

import { Logo } from '~/shell/Logo';
import classes from './Door.module.css';
import { LanguageRow } from './LanguageRow';

/** The frame of the pages that are seen before anybody is signed in. */
export function Door({ title, lead, children }: { title: string; lead?: ReactNode; children: ReactNode }) {
  useEffect(() => {
    document.title = `${title} · Switchboard`;
  }, [title]);
  return (
    <div className={classes.door}>
      <main className={classes.side}>
        <Logo />
        <div className={classes.form}>
          <Stack gap="lg">
            <div>
              <Title order={1} size="h2">
                {title}
              </Title>
              {lead && (
                <Text c="var(--quiet)" mt={6}>
                  {lead}
                </Text>
              )}
            </div>
            {children}
          </Stack>
        </div>
        <LanguageRow />
      </main>
      <Shown />
    </div>
  );
}

/** What all of this is for, as a picture made of words. Only on wide screens. */
function Shown() {
  const { t } = useTranslation('signin');
  return (
    <aside className={classes.shown} aria-label={t('shown.label')}>
      <div className={classes.talk}>
        <p className={classes.asked}>{t('shown.question')}</p>
        <p className={classes.answered}>
          {t('shown.answer')}
          <IconChecks size={16} className={classes.ticks} aria-hidden />
        </p>
        <p className={classes.why}>
          <IconRobot size={16} aria-hidden />
          {t('shown.why')}
        </p>
      </div>
      <p className={classes.promise}>{t('shown.promise')}</p>
    </aside>
  );
}
