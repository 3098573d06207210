import { IconBan, IconClick, IconCode, IconListDetails, IconPencil } from '@tabler/icons-react';
import { memo, useState } from 'react';
import { useTranslation } from 'react-i18next';

import type { Schemas } from '~/api/client';
import { clockTime } from '~/parts/time';

import type { Message } from '../queries';
import { Words } from '../format/Words';
import { describe, partOf } from '../preview';
import { Contacts, Location, Order } from './Cards';
import classes from './Content.module.css';
import { Interactive } from './Interactive';
import { DocumentFile, Film, Picture, Sticker } from './Media';
import { TemplateWords } from './Template';
import { Voice } from './Voice';

/** What a message says, in whatever form it came. `gap` is left free at the end of its words. */
export const Content = memo(function Content({ message, edit, gap }: { message: Message; edit?: Message; gap?: string }) {
  if (edit) return <Edited message={message} edit={edit} />;
  return (
    <>
      <Body message={message} gap={gap} />
      <Errors message={message} />
    </>
  );
});

function Body({ message, gap }: { message: Message; gap?: string }) {
  const part = partOf(message);
  const file = part as Schemas['ShownFile'];
  const caption = file.caption && <Words text={file.caption} id={message.id} />;
  switch (message.type) {
    case 'text':
      return <Words text={message.text ?? ''} id={message.id} gap={gap} />;
    case 'button':
      return <Tapped words={message.text ?? (part as Schemas['ShownButton']).text ?? ''} gap={gap} />;
    case 'image':
      return (
        <>
          <Picture message={message} file={file} />
          {caption}
        </>
      );
    case 'video':
      return (
        <>
          <Film message={message} file={file} />
          {caption}
        </>
      );
    case 'audio':
      return <Voice message={message} file={file} />;
    case 'document':
      return (
        <>
          <DocumentFile message={message} file={file} />
          {caption}
        </>
      );
    case 'sticker':
      return <Sticker message={message} file={file} />;
    case 'location':
      return <Location place={part as Schemas['ShownLocation']} />;
    case 'contacts':
      return <Contacts cards={part as unknown as Schemas['ShownCard'][]} />;
    case 'order':
      return <Order order={part as Schemas['ShownOrder']} />;
    case 'interactive':
      return <Interactive message={message} part={part as Schemas['ShownInteractive']} />;
    case 'template':
      return <TemplateWords message={message} template={part as Schemas['ShownTemplate']} />;
    default:
      return <Unknown message={message} />;
  }
}

/** A tap on a button: what stood on it. */
export function Tapped({ words, note, gap, isRow = false }: { words: string; note?: string | null; gap?: string; isRow?: boolean }) {
  const Icon = isRow ? IconListDetails : IconClick;
  return (
    <div className={classes.tapped}>
      <Icon size={16} aria-hidden />
      <div>
        <Words text={words} gap={note ? undefined : gap} />
        {note && (
          <div className={classes.note} data-words dir="auto">
            {note}
          </div>
        )}
      </div>
    </div>
  );
}

/** As it was changed, with the words before the change for whoever asks. */
function Edited({ message, edit }: { message: Message; edit: Message }) {
  const { t } = useTranslation('inbox');
  const [isShown, show] = useState(false);
  return (
    <>
      <Words text={edit.text ?? ''} id={edit.id} />
      <button type="button" className={classes.before} onClick={() => show(!isShown)} aria-expanded={isShown}>
        <IconPencil size={13} aria-hidden />
        {t(isShown ? 'bubble.hideBefore' : 'bubble.showBefore')}
      </button>
      {isShown && (
        <div className={classes.was}>
          <Body message={message} />
          <span className={classes.at}>{clockTime(message.sent_at)}</span>
        </div>
      )}
    </>
  );
}

/** What Meta does not pass on, what cannot be read, and what came into the world after this version. */
function Unknown({ message }: { message: Message }) {
  const { t } = useTranslation('inbox');
  const isRaw = message.type !== 'unsupported';
  const kind = (partOf(message) as Schemas['ShownUnsupported']).type;
  return (
    <>
      <div className={classes.unknown}>
        {isRaw ? <IconCode size={16} aria-hidden /> : <IconBan size={16} aria-hidden />}
        <span>
          {describe(message, t).text}
          {kind && !isRaw && ` (${kind})`}
        </span>
      </div>
      {isRaw && (
        <details className={classes.raw}>
          <summary>{t('bubble.raw')}</summary>
          <pre data-words>{JSON.stringify(message.content, null, 2)}</pre>
        </details>
      )}
    </>
  );
}

/** What Meta says is wrong with a message that came in. */
function Errors({ message }: { message: Message }) {
  const errors = (message.content as { errors?: Schemas['ShownError'][] | null }).errors;
  if (!errors || errors.length === 0) return null;
  return (
    <ul className={classes.errors}>
      {errors.map((error) => (
        <li key={`${error.code} ${error.title}`}>
          {error.title ?? error.message} {error.code != null && `(${error.code})`}
        </li>
      ))}
    </ul>
  );
}
