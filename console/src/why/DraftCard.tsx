import { useTranslation } from 'react-i18next';

import type { Tried } from '~/inbox/queries';
import { count } from '~/parts/numbers';

import { readTrace } from './trace';
import { TraceView } from './TraceView';
import classes from './WhyCard.module.css';

/** What a draft was made of. Nothing of it was sent. */
export function DraftCard({ tried }: { tried: Tried }) {
  const { t } = useTranslation('why');
  const trace = readTrace(tried.trace);
  return (
    <div className={classes.card}>
      <div className={classes.verdict}>
        <div>
          <div className={classes.sentence}>{t('draft')}</div>
          {trace.source && <div className={classes.because}>{t(`source.${trace.source}`)}</div>}
        </div>
      </div>
      <dl className={classes.facts}>
        {tried.model && (
          <div>
            <dt>{t('fact.model')}</dt>
            <dd>
              <bdi>{tried.model}</bdi>
            </dd>
          </div>
        )}
        <div>
          <dt>{t('fact.tokens')}</dt>
          <dd>{t('tokens', { read: count(tried.prompt_tokens), written: count(tried.completion_tokens) })}</dd>
        </div>
      </dl>
      <TraceView trace={trace} />
    </div>
  );
}
