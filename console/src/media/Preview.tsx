import { Text } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import type { Schemas } from '~/api/client';
import { isPicture, kindOf, shortType } from './failure';
import classes from './media.module.css';
import { ICONS } from './Thumbnail';

/** The file itself, where the browser can show it without running anything of it. */
export function Preview({ media }: { media: Schemas['Media'] }) {
  const { t } = useTranslation('media');
  const [broken, setBroken] = useState(false);
  const kind = kindOf(media.kind);
  const type = media.media_type ?? '';
  if (media.status !== 'ready') return null;
  const name = media.file_name ?? t(`kind.${kind}`);
  const fail = () => setBroken(true);
  if (broken) return <Placeholder text={t('notShown')} media={media} />;
  if (isPicture(type)) {
    return (
      <div className={classes.preview}>
        <img src={media.url} alt={t('pictureOf', { name })} onError={fail} />
      </div>
    );
  }
  if (type.startsWith('video/')) {
    return (
      <div className={classes.preview}>
        {/* oxlint-disable-next-line jsx-a11y/media-has-caption -- nobody wrote captions for what customers film */}
        <video src={media.url} controls preload="metadata" aria-label={name} onError={fail} />
      </div>
    );
  }
  if (type.startsWith('audio/')) {
    return (
      <div className={classes.preview}>
        {/* oxlint-disable-next-line jsx-a11y/media-has-caption -- nor for what they say */}
        <audio src={media.url} controls preload="metadata" aria-label={name} onError={fail} />
      </div>
    );
  }
  return <Placeholder text={t('onlyDownload')} media={media} />;
}

function Placeholder({ text, media }: { text: string; media: Schemas['Media'] }) {
  const Icon = ICONS[kindOf(media.kind)];
  const type = shortType(media.media_type, media.file_name);
  return (
    <div className={classes.preview}>
      <div style={{ textAlign: 'center', padding: 16 }}>
        <Icon size={38} stroke={1.3} aria-hidden />
        {type && <Text fw={600}>{type}</Text>}
        <Text size="sm">{text}</Text>
      </div>
    </div>
  );
}
