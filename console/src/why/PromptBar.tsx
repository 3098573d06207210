import { useTranslation } from 'react-i18next';

import { count, percent } from '~/parts/numbers';

import classes from './PromptBar.module.css';
import { type PromptAccount, sharesOf } from './trace';

/** What the prompt was made of: how many tokens each part took. */
export function PromptBar({ prompt }: { prompt: PromptAccount }) {
  const { t } = useTranslation('why');
  const shares = sharesOf(prompt);
  const cuts = [
    prompt.instructions_cut && t('promptCut.instructions'),
    prompt.question_cut && t('promptCut.question'),
    prompt.passages_left_out > 0 && t('promptCut.passages', { count: prompt.passages_left_out }),
    prompt.history_left_out > 0 && t('promptCut.history', { count: prompt.history_left_out }),
  ].filter((cut) => typeof cut === 'string');
  return (
    <section className={classes.section}>
      <h3>
        {t('prompt')} <span>{t('promptTokens', { count: prompt.tokens, tokens: count(prompt.tokens) })}</span>
      </h3>
      <div className={classes.bar} aria-hidden>
        {shares.map(({ share, tokens }) => (
          <i key={share} data-share={share} style={{ flexGrow: tokens }} title={`${t(`share.${share}`)}: ${count(tokens)}`} />
        ))}
      </div>
      <ul className={classes.legend}>
        {shares.map(({ share, tokens }) => (
          <li key={share}>
            <i data-share={share} aria-hidden />
            <span>{t(`share.${share}`)}</span>
            <b>{count(tokens)}</b>
            <span className={classes.percent}>{percent(tokens, prompt.tokens)}</span>
          </li>
        ))}
      </ul>
      {cuts.map((cut) => (
        <p key={cut} className={classes.cut}>
          {cut}
        </p>
      ))}
    </section>
  );
}
