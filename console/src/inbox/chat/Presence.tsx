import { Tooltip } from '@mantine/core';
import { IconPencil } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';

import { Face } from '../Face';
import { useColleagues } from '../presence';
import classes from './Presence.module.css';

/** Which colleagues are in the conversation too, and who of them writes. */
export function Presence({ conversationId }: { conversationId: string }) {
  const { t } = useTranslation('inbox');
  const colleagues = useColleagues(conversationId);
  const writing = colleagues.filter((colleague) => colleague.state === 'typing');
  const names = (of: typeof colleagues) => of.map((colleague) => colleague.name).join(', ');
  const said =
    writing.length > 0
      ? t('presence.writing', { names: names(writing), count: writing.length })
      : colleagues.length > 0
        ? t('presence.here', { names: names(colleagues), count: colleagues.length })
        : '';
  return (
    <div className={classes.presence} role="status">
      {said && (
        <Tooltip label={said}>
          <span className={classes.faces}>
            {colleagues.slice(0, 3).map((colleague) => (
              <span key={colleague.actor} className={classes.face}>
                <Face id={colleague.actor} name={colleague.name} size={28} />
                {colleague.state === 'typing' && (
                  <span className={classes.pen}>
                    <IconPencil size={11} aria-hidden />
                  </span>
                )}
              </span>
            ))}
            <span className={writing.length > 0 ? classes.said : classes.heard}>{said}</span>
          </span>
        </Tooltip>
      )}
    </div>
  );
}
