import { IconAlertTriangle, IconBrain, IconCircleCheck, IconTool } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';

import { count } from '~/parts/numbers';

import classes from './Rows.module.css';
import type { Trace } from './trace';

/** Which models were asked, and which tools they called. */
export function Calls({ trace: { models, tools } }: { trace: Trace }) {
  const { t } = useTranslation('why');
  return (
    <>
      {models.length > 0 && (
        <section className={classes.section}>
          <h3>{t('models')}</h3>
          <ol className={classes.list}>
            {models.map((model, at) => {
              const isOk = model.result === 'ok';
              const known = KNOWN.find((word) => word === model.result);
              return (
                // oxlint-disable-next-line react/no-array-index-key -- a model may be asked twice, in this order
                <li key={at} data-wrong={!isOk || undefined}>
                  <IconBrain size={16} aria-hidden />
                  <span className={classes.words}>
                    <bdi className={classes.name}>{model.name}</bdi>
                    <span className={classes.quiet}>
                      {isOk ? t('tokens', { read: count(model.prompt_tokens), written: count(model.completion_tokens) }) : known ? t(`error.${known}`) : model.result}
                    </span>
                    {model.error && <bdi className={classes.error}>{model.error}</bdi>}
                  </span>
                  <Mark isOk={isOk} />
                </li>
              );
            })}
          </ol>
        </section>
      )}
      {tools.length > 0 && (
        <section className={classes.section}>
          <h3>{t('tools')}</h3>
          <ol className={classes.list}>
            {tools.map((tool, at) => (
              // oxlint-disable-next-line react/no-array-index-key -- a tool may be called twice, in this order
              <li key={at} data-wrong={!tool.ok || undefined}>
                <IconTool size={16} aria-hidden />
                <span className={classes.words}>
                  <code>{tool.name}</code>
                  {tool.error && <bdi className={classes.error}>{tool.error}</bdi>}
                </span>
                <Mark isOk={tool.ok} />
              </li>
            ))}
          </ol>
        </section>
      )}
    </>
  );
}

function Mark({ isOk }: { isOk: boolean }) {
  const { t } = useTranslation('why');
  const Icon = isOk ? IconCircleCheck : IconAlertTriangle;
  return <Icon size={17} role="img" aria-label={t(isOk ? 'ok' : 'notOk')} className={classes.mark} />;
}

/** Kinds of errors, as the gateway names them. */
const KNOWN = ['later', 'timed_out', 'credentials', 'context_too_long', 'refused', 'over_budget', 'empty'] as const;
