import { useTranslation } from 'react-i18next';

import { count } from '~/parts/numbers';
import { type PromptAccount, sharesOf } from '~/why/trace';

import classes from './Playground.module.css';

/** A prompt's parts as a thin bar: how many tokens each takes. */
export function ShareBar({ prompt }: { prompt: PromptAccount }) {
  const { t } = useTranslation('why');
  const shares = sharesOf(prompt);
  const told = shares.map(({ share, tokens }) => `${t(`share.${share}`)}: ${count(tokens)}`).join(', ');
  return (
    <span className={classes.shares} role="img" aria-label={told} title={told}>
      {shares.map(({ share, tokens }) => (
        <i key={share} data-share={share} style={{ flexGrow: tokens }} />
      ))}
    </span>
  );
}
