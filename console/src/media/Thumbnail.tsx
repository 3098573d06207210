import { IconAlertTriangle, IconFile, IconMovie, IconPhoto, IconSticker, IconVolume } from '@tabler/icons-react';
import { useState } from 'react';

import type { Schemas } from '~/api/client';
import { isPicture, kindOf, shortType } from './failure';
import classes from './media.module.css';

export const ICONS = {
  image: IconPhoto,
  video: IconMovie,
  audio: IconVolume,
  document: IconFile,
  sticker: IconSticker,
};

/** A picture's picture, fetched when it comes near; of everything else what it is. */
export function Thumbnail({ media, small = false }: { media: Schemas['Media']; small?: boolean }) {
  const [broken, setBroken] = useState(false);
  const kind = kindOf(media.kind);
  const Icon = media.status === 'failed' ? IconAlertTriangle : ICONS[kind];
  const shown = media.status === 'ready' && isPicture(media.media_type) && !broken;
  const type = shortType(media.media_type, media.file_name);
  return (
    <div className={small ? `${classes.thumb} ${classes.small}` : classes.thumb} data-kind={kind} aria-hidden>
      {shown ? (
        <img src={media.url} alt="" loading="lazy" decoding="async" onError={() => setBroken(true)} />
      ) : (
        <Icon size={small ? 20 : 34} stroke={1.4} />
      )}
      {!small && !shown && type && <span className={classes.type}>{type}</span>}
    </div>
  );
}
