import { ActionIcon, Button } from '@mantine/core';
import { IconLock, IconSparkles, IconX } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

import { dateTime } from '~/parts/time';

import { Quote } from '../bubbles/Quote';
import type { Conversation, Message, Tried } from '../queries';
import { windowEnd } from '../filters';
import { isFormatted } from '../format/parse';
import { Words } from '../format/Words';
import classes from './Strips.module.css';

/** The message that is answered. */
export function ReplyStrip({ message, onClose }: { message: Message; onClose: () => void }) {
  const { t } = useTranslation('inbox');
  return (
    <div className={classes.reply}>
      <Quote quoted={{ id: message.id, type: message.type, text: message.text, direction: message.direction, wamid: message.wamid }} />
      <ActionIcon variant="subtle" color="gray" aria-label={t('composer.noReply')} onClick={onClose}>
        <IconX size={17} />
      </ActionIcon>
    </div>
  );
}

/** How formatted words will look on the customer's phone. */
export function PreviewStrip({ text }: { text: string }) {
  const { t } = useTranslation('inbox');
  if (!isFormatted(text)) return null;
  return (
    <div className={classes.preview} aria-label={t('composer.preview')} role="group">
      <span className={classes.title}>{t('composer.preview')}</span>
      <div className={classes.looks}>
        <Words text={text} />
      </div>
    </div>
  );
}

/** Says that the words are the agent's, and lets them be taken back. */
export function DraftStrip({ tried, onUndo, onWhy }: { tried: Tried; onUndo: () => void; onWhy: () => void }) {
  const { t } = useTranslation('inbox');
  return (
    <div className={classes.draft}>
      <IconSparkles size={16} aria-hidden />
      <span>
        {tried.reply ? t('draft.shown') : t('draft.empty')}
        {tried.hand_over && (
          <>
            {' '}
            {t('draft.handOver')} <bdi>{tried.hand_over}</bdi>
          </>
        )}
      </span>
      <Button size="compact-xs" variant="subtle" onClick={onWhy}>
        {t('draft.why')}
      </Button>
      <Button size="compact-xs" variant="subtle" onClick={onUndo}>
        {t('draft.undo')}
      </Button>
    </div>
  );
}

/** Why nothing but a template can be written, with the way to one. */
export function ClosedStrip({ conversation, onTemplate }: { conversation: Conversation; onTemplate: () => void }) {
  const { t } = useTranslation('inbox');
  const end = windowEnd(conversation);
  return (
    <div className={classes.closed}>
      <IconLock size={18} aria-hidden />
      <span>
        <b>{t('window.closedTitle')}</b> {end !== null && t('window.closedText', { at: dateTime(end) })}
      </span>
      <Button size="sm" onClick={onTemplate}>
        {t('template.choose')}
      </Button>
    </div>
  );
}

/** Something to know before one writes. */
export function Hint({ children, isGrave }: { children: ReactNode; isGrave?: boolean }) {
  return (
    <div className={classes.hint} data-grave={isGrave || undefined}>
      {children}
    </div>
  );
}
