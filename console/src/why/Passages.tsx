import { IconFileText } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { percent } from '~/parts/numbers';
import { placeOf } from '~/parts/place';

import classes from './Passages.module.css';
import { placedPassages, type Trace } from './trace';

/** Its first words, without the heading that stands above them already. */
const beginning = (begins: string) => begins.replace(/^#+ .*$/gm, '').replace(/\s+/g, ' ').trim();

/** As many as one reads at a glance. */
const FEW = 4;

/** What the knowledge gave for the question: the best first, with its file. */
export function Passages({ trace }: { trace: Trace }) {
  const { t, i18n } = useTranslation('why');
  const [isWhole, showWhole] = useState(false);
  const placed = placedPassages(trace);
  if (placed.length === 0) {
    if (!trace.prompt) return null;
    return (
      <section className={classes.section}>
        <h3>{t('passages')}</h3>
        <p className={classes.none}>{t('noPassages')}</p>
      </section>
    );
  }
  const best = Math.max(...placed.map(({ passage }) => passage.score), 0.001);
  const score = (value: number) => new Intl.NumberFormat(i18n.language, { maximumFractionDigits: 2, minimumFractionDigits: 2 }).format(value);
  return (
    <section className={classes.section}>
      <h3>
        {t('passages')} <span>{placed.length}</span>
      </h3>
      <ol className={classes.list}>
        {placed.slice(0, isWhole ? undefined : FEW).map(({ passage, isLeftOut }) => (
          <li key={`${passage.file_id} ${placeOf(passage)} ${passage.begins}`} data-out={isLeftOut || undefined}>
            <div className={classes.top}>
              <IconFileText size={15} aria-hidden />
              <Link to="/knowledge/$fileId" params={{ fileId: passage.file_id }} className={classes.file}>
                <bdi>{passage.file_name}</bdi>
              </Link>
              <span className={classes.score} title={t('scoreHint', { coverage: percent(passage.coverage, 1) })}>
                {score(passage.score)}
              </span>
            </div>
            <div className={classes.meter} aria-hidden>
              <i style={{ inlineSize: `${Math.max(2, (passage.score / best) * 100)}%` }} />
            </div>
            {placeOf(passage) && (
              <div className={classes.heading} dir="auto">
                {placeOf(passage)}
              </div>
            )}
            <div className={classes.begins} data-words dir="auto">
              {beginning(passage.begins)}…
            </div>
            {isLeftOut && <div className={classes.out}>{t('leftOut')}</div>}
          </li>
        ))}
      </ol>
      {placed.length > FEW && (
        <button type="button" className={classes.more} onClick={() => showWhole(!isWhole)}>
          {isWhole ? t('fewer') : t('all', { count: placed.length })}
        </button>
      )}
    </section>
  );
}
