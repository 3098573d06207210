import { Group, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';

import type { Schemas } from '~/api/client';
import { bytes } from '~/parts/numbers';
import { Ago } from '~/parts/time';
import { kindOf } from './failure';
import classes from './media.module.css';
import { State } from './State';
import { Thumbnail } from './Thumbnail';

export function MediaGrid({ items, onOpen }: { items: Schemas['Media'][]; onOpen: (id: string) => void }) {
  const { t } = useTranslation('media');
  return (
    <ul className={classes.grid} aria-label={t('title')}>
      {items.map((media) => (
        <li key={media.id} className={classes.card}>
          <Thumbnail media={media} />
          <div className={classes.state}>
            <State media={media} />
          </div>
          <div className={classes.words}>
            <button type="button" className={classes.open} onClick={() => onOpen(media.id)}>
              {media.file_name ?? t(`kind.${kindOf(media.kind)}`)}
            </button>
            <Group justify="space-between" gap={4} mt={2} wrap="nowrap">
              <Ago at={media.created_at} size="xs" c="var(--quiet)" truncate />
              {media.size_bytes != null && (
                <Text size="xs" c="var(--quiet)" style={{ whiteSpace: 'nowrap' }}>
                  {bytes(media.size_bytes)}
                </Text>
              )}
            </Group>
          </div>
        </li>
      ))}
    </ul>
  );
}
