import { IconNote, IconTrash } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { memo } from 'react';
import { useTranslation } from 'react-i18next';

import { notifyFailure } from '~/parts/Failure';
import { clockTime, dateTime } from '~/parts/time';
import { useMay, useSession } from '~/session';

import { deleteNote, type Note } from '../queries';
import { Words } from '../format/Words';
import { bring } from '../live';
import classes from './NoteBubble.module.css';

/** What a colleague noted. The customer never sees it, nor does any model. */
export const NoteBubble = memo(function NoteBubble({ note }: { note: Note }) {
  const { t } = useTranslation('inbox');
  const { actor } = useSession();
  const isAdmin = useMay();
  const queryClient = useQueryClient();
  const isOwn = note.author === actor;
  const remove = async () => {
    try {
      await deleteNote(note.id);
      bring(queryClient, [{ type: 'gone', id: note.id }], { me: actor });
    } catch (error) {
      notifyFailure(error);
    }
  };
  return (
    <div className={classes.line}>
      <article className={classes.note}>
        <header className={classes.head}>
          <IconNote size={14} aria-hidden />
          <bdi>{isOwn ? t('list.you') : (note.author_name ?? t('sender.operator'))}</bdi>
          <span className={classes.only}>{t('note.only')}</span>
          <time dateTime={note.created_at} title={dateTime(note.created_at)}>
            {clockTime(note.created_at)}
          </time>
          {(isOwn || isAdmin) && (
            <button type="button" className={classes.remove} aria-label={t('note.remove')} title={t('note.remove')} onClick={remove}>
              <IconTrash size={14} aria-hidden />
            </button>
          )}
        </header>
        <Words text={note.text} id={note.id} />
      </article>
    </div>
  );
});
