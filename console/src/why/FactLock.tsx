import { IconLock, IconLockOpen } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';

import classes from './Rows.module.css';
import { factKind, type FactLockTrace } from './trace';

/** What the fact lock thought of the reply, and what stood in no source. */
export function FactLock({ lock }: { lock: FactLockTrace }) {
  const { t } = useTranslation('why');
  const isFine = lock.verdict === 'clean' || lock.verdict === 'rewritten';
  const Icon = isFine ? IconLock : IconLockOpen;
  return (
    <section className={classes.section}>
      <h3>{t('factLock.title')}</h3>
      <ul className={classes.list}>
        <li data-wrong={!isFine || undefined}>
          <Icon size={17} aria-hidden className={classes.mark} />
          <span className={classes.words}>
            {t(`factLock.${lock.verdict}`)}
            {lock.verdict === 'clean' && <span className={classes.quiet}>{t('factLock.facts', { count: lock.facts })}</span>}
          </span>
        </li>
        {lock.missing.map(({ kind, text }, at) => (
          <li key={at} data-wrong>
            <span className={classes.words}>
              <bdi className={classes.name}>{text}</bdi>
              <span className={classes.quiet}>{t(`factLock.kind.${factKind(kind)}`)}</span>
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}
