import { useTranslation } from 'react-i18next';

import { Calls } from './Calls';
import { FactLock } from './FactLock';
import { Passages } from './Passages';
import { PromptBar } from './PromptBar';
import type { Trace } from './trace';
import classes from './WhyCard.module.css';

/** What an answer was made of: of one that was sent, and of a draft alike. */
export function TraceView({ trace }: { trace: Trace }) {
  const { t } = useTranslation('why');
  return (
    <>
      <Passages trace={trace} />
      {trace.prompt && <PromptBar prompt={trace.prompt} />}
      <Calls trace={trace} />
      {trace.fact_lock && <FactLock lock={trace.fact_lock} />}
      {trace.reply_cut_chars > 0 && <p className={classes.because}>{t('cut', { count: trace.reply_cut_chars })}</p>}
    </>
  );
}
