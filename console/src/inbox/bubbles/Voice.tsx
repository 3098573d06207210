import { IconMicrophone, IconMusic, IconPlayerPauseFilled, IconPlayerPlayFilled } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';

import type { Schemas } from '~/api/client';

import type { Message } from '../queries';
import { Words } from '../format/Words';
import { Absent, sizeOf } from './Media';
import classes from './Voice.module.css';
import { faster, seek, toggle, usePlaying } from './voicePlayer';

const minutes = (seconds: number) => `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, '0')}`;

/** A voice message or another sound, with what was heard in it where that is known. */
export function Voice({ message, file }: { message: Message; file: Schemas['ShownFile'] }) {
  const { t } = useTranslation('inbox');
  const playing = usePlaying(message.id);
  const { media } = message;
  if (media?.status !== 'ready' || playing?.isBroken) return <Absent message={message} file={file} isBroken={playing?.isBroken} />;
  const kind = t(file.voice ? 'type.voice' : 'type.audio');
  const Kind = file.voice ? IconMicrophone : IconMusic;
  const name = media.file_name ?? file.filename;
  return (
    <>
      <div className={classes.voice}>
        <button
          type="button"
          className={classes.play}
          aria-label={t(playing?.isPlaying ? 'media.pause' : 'media.listen', { kind })}
          onClick={() => toggle(message.id, media.url)}
        >
          {playing?.isPlaying ? <IconPlayerPauseFilled size={20} /> : <IconPlayerPlayFilled size={20} />}
        </button>
        <div className={classes.track}>
          <input
            type="range"
            min={0}
            max={playing?.length || 1}
            step={0.1}
            value={playing?.at ?? 0}
            disabled={!playing?.length}
            aria-label={t('media.place')}
            aria-valuetext={minutes(playing?.at ?? 0)}
            onChange={(event) => seek(message.id, Number(event.currentTarget.value))}
          />
          <span className={classes.about}>
            <Kind size={14} aria-hidden />
            {playing?.length ? `${minutes(playing.at)} / ${minutes(playing.length)}` : [kind, sizeOf(message)].filter(Boolean).join(' · ')}
          </span>
        </div>
        {playing && (
          <button type="button" className={classes.rate} aria-label={t('media.rate', { rate: playing.rate })} onClick={faster}>
            {playing.rate}×
          </button>
        )}
      </div>
      {message.text && message.text !== name && (
        <div className={classes.heard}>
          <Words text={message.text} id={message.id} />
        </div>
      )}
    </>
  );
}
