import { Loader } from '@mantine/core';
import { IconAlertTriangle, IconDownload, IconExternalLink, IconFile, IconFileText, IconFileZip, IconPlayerPlayFilled } from '@tabler/icons-react';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';

import type { Schemas } from '~/api/client';
import { bytes } from '~/parts/numbers';

import { useChat } from '../chat/actions';
import type { Message } from '../queries';
import { safeHref } from '../format/parse';
import classes from './Media.module.css';

interface Props {
  message: Message;
  file: Schemas['ShownFile'];
}

/** How wide files are for their height, so that the chat does not jump when one is seen again. */
const ratios = new Map<string, number>();

export function Picture({ message, file }: Props) {
  const { t } = useTranslation('inbox');
  const { look } = useChat();
  const { media } = message;
  const [ratio, setRatio] = useState(() => ratios.get(media?.id ?? '') ?? 4 / 3);
  const [isBroken, setBroken] = useState(false);
  if (media?.status !== 'ready' || isBroken) return <Absent message={message} file={file} isBroken={isBroken} />;
  return (
    <button type="button" className={classes.picture} style={frame(ratio)} onClick={() => look(message)} aria-label={t('media.open')}>
      <img
        src={media.url}
        alt={file.caption ?? t('type.image')}
        loading="lazy"
        decoding="async"
        onLoad={({ currentTarget: { naturalWidth, naturalHeight } }) => {
          const is = naturalWidth / Math.max(1, naturalHeight);
          ratios.set(media.id, is);
          setRatio(is);
        }}
        onError={() => setBroken(true)}
      />
    </button>
  );
}

/** As large as it is, inside of what a bubble has room for. */
function frame(ratio: number) {
  const shape = Math.min(2.2, Math.max(0.6, ratio));
  return { aspectRatio: shape, inlineSize: Math.min(320, 360 * shape) };
}

export function Film({ message, file }: Props) {
  const { t } = useTranslation('inbox');
  const [isOpen, open] = useState(false);
  const { media } = message;
  if (media?.status !== 'ready') return <Absent message={message} file={file} />;
  if (isOpen) {
    return (
      // What a customer films has no captions.
      // oxlint-disable-next-line jsx-a11y/media-has-caption
      <video className={classes.video} src={media.url} controls autoPlay playsInline />
    );
  }
  return (
    <button type="button" className={classes.film} onClick={() => open(true)}>
      <span className={classes.play}>
        <IconPlayerPlayFilled size={26} aria-hidden />
      </span>
      <span className={classes.about}>
        {t('media.play')} · {sizeOf(message)}
      </span>
    </button>
  );
}

export function Sticker({ message, file }: Props) {
  const { t } = useTranslation('inbox');
  const [isBroken, setBroken] = useState(false);
  const { media } = message;
  if (media?.status !== 'ready' || isBroken) return <Absent message={message} file={file} isBroken={isBroken} />;
  return (
    <img className={classes.sticker} src={media.url} alt={t('type.sticker')} loading="lazy" decoding="async" onError={() => setBroken(true)} />
  );
}

const ARCHIVE = /zip|rar|tar|7z|gzip/;
const TEXT = /pdf|text|word|document|rtf|csv|sheet|excel/;

export function DocumentFile({ message, file }: Props) {
  const { t } = useTranslation('inbox');
  const { media } = message;
  if (media?.status !== 'ready') return <Absent message={message} file={file} />;
  const type = media.media_type ?? '';
  const name = media.file_name ?? file.filename ?? t('type.document');
  const Icon = ARCHIVE.test(type) ? IconFileZip : TEXT.test(type) ? IconFileText : IconFile;
  return (
    <a className={classes.document} href={media.url} download={name}>
      <Icon size={32} stroke={1.3} aria-hidden />
      <span className={classes.name}>
        <bdi>{name}</bdi>
        <span className={classes.size}>{[ending(name), sizeOf(message)].filter(Boolean).join(' · ')}</span>
      </span>
      <IconDownload size={18} aria-label={t('media.download')} />
    </a>
  );
}

const ending = (name: string) => (/\.([a-z0-9]{1,5})$/i.exec(name)?.[1] ?? '').toUpperCase();

export const sizeOf = ({ media }: Message) => (media?.size_bytes ? bytes(media.size_bytes) : '');

/** A file that is not here: on its way, lost, or somewhere else. */
export function Absent({ message, file, isBroken = false }: Props & { isBroken?: boolean }) {
  const { t } = useTranslation('inbox');
  const { media } = message;
  const kind = t(`type.${message.type}` as 'type.image');
  if (media?.status === 'fetching') {
    return (
      <Box icon={<Loader size={18} />}>
        <b>{kind}</b> {t('media.fetching')}
      </Box>
    );
  }
  if (media) {
    return (
      <Box icon={<IconAlertTriangle size={18} aria-hidden />} isWrong={media.status === 'failed'}>
        <b>{kind}</b> {isBroken ? t('media.notShown') : t('media.failed')}
        {media.error && <bdi className={classes.size}>{media.error}</bdi>}
        {media.status === 'ready' && (
          <a href={media.url} download={media.file_name ?? true}>
            {t('media.download')} {sizeOf(message)}
          </a>
        )}
      </Box>
    );
  }
  const href = safeHref(file.link);
  return (
    <Box icon={<IconFile size={18} aria-hidden />}>
      <b>{file.filename ?? kind}</b> {href ? t('media.byLink') : t('media.atMeta')}
      {href && (
        <a href={href} target="_blank" rel="noopener noreferrer">
          {new URL(href).hostname} <IconExternalLink size={12} aria-hidden />
        </a>
      )}
    </Box>
  );
}

function Box({ icon, isWrong, children }: { icon: ReactNode; isWrong?: boolean; children: ReactNode }) {
  return (
    <div className={classes.absent} data-wrong={isWrong || undefined}>
      {icon}
      <div>{children}</div>
    </div>
  );
}
