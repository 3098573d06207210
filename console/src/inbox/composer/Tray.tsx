import { ActionIcon, Loader, Progress } from '@mantine/core';
import { IconAlertTriangle, IconFile, IconMusic, IconRefresh, IconVideo, IconX } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';

import { problemOf } from '~/api/client';
import { bytes } from '~/parts/numbers';

import classes from './Tray.module.css';
import type { Attachment, useAttachments } from './useAttachments';

const ICONS = { image: IconFile, video: IconVideo, audio: IconMusic, sticker: IconFile, document: IconFile };

/** The files that go with the next message: what they are sent as, and how far they are. */
export function Tray({ files }: { files: ReturnType<typeof useAttachments> }) {
  const { t } = useTranslation('inbox');
  if (files.attachments.length === 0) return null;
  return (
    <ul className={classes.tray} aria-label={t('files.label')}>
      {files.attachments.map((attachment) => (
        <Item key={attachment.id} attachment={attachment} files={files} />
      ))}
    </ul>
  );
}

function Item({ attachment, files }: { attachment: Attachment; files: ReturnType<typeof useAttachments> }) {
  const { t } = useTranslation('inbox');
  const { file, verdict, kind, url, progress, mediaId, error } = attachment;
  const isRefused = verdict.note === 'tooLarge' || verdict.note === 'empty';
  const Icon = ICONS[kind];
  const note = verdict.note && t(`files.${verdict.note}`, { most: bytes(verdict.bytes ?? 0) });
  const mayChoose = !isRefused && verdict.kind !== 'document';
  const problem = error ? problemOf(error) : undefined;
  return (
    <li className={classes.item} data-wrong={isRefused || error !== undefined || undefined}>
      <span className={classes.look}>
        {verdict.kind === 'image' ? <img src={url} alt="" /> : <Icon size={26} stroke={1.4} aria-hidden />}
      </span>
      <span className={classes.words}>
        <bdi className={classes.name}>{file.name}</bdi>
        <span className={classes.about}>
          {bytes(file.size)}
          {mayChoose && (
            <button type="button" className={classes.choose} onClick={() => files.setKind(attachment.id, kind === 'document' ? verdict.kind : 'document')}>
              {t(kind === 'document' ? `files.as.${verdict.kind as 'image'}` : 'files.asDocument')}
            </button>
          )}
        </span>
        {note && <span className={classes.note}>{note}</span>}
        {problem && (
          <span className={classes.note}>
            <IconAlertTriangle size={13} aria-hidden /> {problem.detail ?? t('files.broken')}
          </span>
        )}
        {!isRefused && !mediaId && !error && (
          <Progress value={Math.max(4, progress * 100)} size={4} mt={4} aria-label={t('files.progress', { name: file.name })} />
        )}
      </span>
      {!isRefused && !mediaId && !error && progress === 1 && <Loader size={14} />}
      {error !== undefined && (
        <ActionIcon variant="subtle" color="gray" aria-label={t('composer.again')} onClick={() => files.retry(attachment)}>
          <IconRefresh size={16} />
        </ActionIcon>
      )}
      <ActionIcon variant="subtle" color="gray" aria-label={t('files.remove', { name: file.name })} onClick={() => files.remove(attachment.id)}>
        <IconX size={16} />
      </ActionIcon>
    </li>
  );
}
