import { IconAlertCircle, IconClock, IconFile } from '@tabler/icons-react';
import { memo } from 'react';
import { useTranslation } from 'react-i18next';

import { problemOf } from '~/api/client';
import { clockTime } from '~/parts/time';

import bubble from '../bubbles/Bubble.module.css';
import { QuotedWords } from '../bubbles/Quote';
import quote from '../bubbles/Quote.module.css';
import { useComposer } from '../composer/ComposerContext';
import { discard, type Pending } from '../composer/outbox';
import { Words } from '../format/Words';
import classes from './PendingBubble.module.css';

/** A message that the gateway has not taken yet, or refused: then with the reason, and nothing of it is lost. */
export const PendingBubble = memo(function PendingBubble({ pending }: { pending: Pending }) {
  const { t } = useTranslation('inbox');
  const { again, edit } = useComposer();
  const { isFailed, file, text, quoted } = pending;
  return (
    <div className={bubble.line} data-side="out" data-first data-last>
      <div className={bubble.row}>
        <article className={bubble.bubble} aria-busy={!isFailed}>
          {quoted && (
            <div className={quote.quote} data-side={quoted.direction}>
              <QuotedWords quoted={quoted} />
            </div>
          )}
          {file?.kind === 'image' && <img className={classes.image} src={file.url} alt="" />}
          {file && file.kind !== 'image' && (
            <div className={classes.file}>
              <IconFile size={20} aria-hidden /> <bdi>{file.name}</bdi>
            </div>
          )}
          {text && <Words text={text} />}
          <div className={bubble.foot}>
            <time dateTime={pending.at}>{clockTime(pending.at)}</time>
            {isFailed ? <IconAlertCircle size={16} aria-hidden className={classes.wrong} /> : <IconClock size={15} aria-label={t('status.sending')} />}
          </div>
        </article>
      </div>
      {isFailed && (
        <div className={classes.failure} role="alert">
          <b>{t('composer.notSent')}</b> <Reason error={pending.error} />
          <div className={classes.actions}>
            <button type="button" onClick={() => again(pending)}>
              {t('composer.again')}
            </button>
            {text !== null && (
              <button type="button" onClick={() => edit(pending)}>
                {t('composer.edit')}
              </button>
            )}
            <button type="button" onClick={() => discard(pending)}>
              {t('composer.discard')}
            </button>
          </div>
        </div>
      )}
    </div>
  );
});

function Reason({ error }: { error: unknown }) {
  const { t } = useTranslation('parts');
  const problem = problemOf(error);
  const fields = problem.errors?.map(({ field, message }) => `${field.replace(/^content\./, '')} ${message}`).join('; ');
  return (
    <>
      {problem.detail ?? t('unreachable')} {fields}
    </>
  );
}
