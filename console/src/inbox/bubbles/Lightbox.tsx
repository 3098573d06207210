import { ActionIcon, Modal } from '@mantine/core';
import { IconDownload, IconX } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';

import { dateTime } from '~/parts/time';

import type { Message } from '../queries';
import { partOf } from '../preview';
import classes from './Lightbox.module.css';

/** A picture, as large as the window. */
export function Lightbox({ message, onClose }: { message: Message; onClose: () => void }) {
  const { t } = useTranslation(['inbox', 'parts']);
  const { media } = message;
  const caption = partOf(message).caption;
  if (!media) return null;
  return (
    <Modal
      opened
      onClose={onClose}
      fullScreen
      withCloseButton={false}
      padding={0}
      transitionProps={{ transition: 'fade', duration: 120 }}
      aria-label={t('type.image')}
      classNames={{ content: classes.content, body: classes.body }}
    >
      <div className={classes.bar}>
        <span className={classes.about}>
          <bdi>{media.file_name ?? t('type.image')}</bdi> · {dateTime(message.sent_at)}
        </span>
        <ActionIcon component="a" href={media.url} download={media.file_name ?? true} variant="subtle" color="gray.0" size="lg" aria-label={t('media.download')}>
          <IconDownload size={20} />
        </ActionIcon>
        <ActionIcon variant="subtle" color="gray.0" size="lg" aria-label={t('parts:close')} onClick={onClose} data-autofocus>
          <IconX size={20} />
        </ActionIcon>
      </div>
      <button type="button" className={classes.stage} onClick={onClose} aria-label={t('parts:close')}>
        <img src={media.url} alt={typeof caption === 'string' ? caption : t('type.image')} />
      </button>
      {typeof caption === 'string' && (
        <p className={classes.caption} data-words dir="auto">
          {caption}
        </p>
      )}
    </Modal>
  );
}
