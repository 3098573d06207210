import { useTranslation } from 'react-i18next';

import { useChat } from '../chat/actions';
import type { Message } from '../queries';
import { describe } from '../preview';
import classes from './Quote.module.css';

/** The message that another one answers: a click goes there. */
export function Quote({ quoted }: { quoted: NonNullable<Message['quoted']> }) {
  const { t } = useTranslation('inbox');
  const { goTo } = useChat();
  return (
    <button type="button" className={classes.quote} data-side={quoted.direction} onClick={() => goTo(quoted.id)} title={t('bubble.goToQuoted')}>
      <QuotedWords quoted={quoted} />
    </button>
  );
}

export function QuotedWords({ quoted }: { quoted: NonNullable<Message['quoted']> }) {
  const { t } = useTranslation('inbox');
  const { icon: Icon, text } = describe(quoted, t);
  return (
    <>
      <span className={classes.who}>{t(`bubble.quoted.${quoted.direction}`)}</span>
      <span className={classes.words}>
        {Icon && <Icon size={14} aria-hidden className={classes.icon} />}
        <bdi>{text}</bdi>
      </span>
    </>
  );
}
