import { Group, Text } from '@mantine/core';
import { IconBan, IconBellOff, IconCheck } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';

import type { Schemas } from '~/api/client';
import { Tag } from '~/parts/Tag';

/** Whether somebody may be written to: blocked, out of everything, out of marketing, or said yes. */
export function Standing({
  contact,
  unknown,
}: {
  contact: Schemas['Contact'];
  /** Says so when nothing is known. */
  unknown?: boolean;
}) {
  const { t } = useTranslation('contacts');
  const { blocked_at, consent, marketing } = contact;
  if (!blocked_at && !consent && !marketing) {
    return unknown ? (
      <Text size="sm" c="var(--quiet)">
        {t('consent.nothing')}
      </Text>
    ) : null;
  }
  const out = <IconBellOff size={13} aria-hidden />;
  const yes = <IconCheck size={13} aria-hidden />;
  return (
    <Group gap={6} component="span">
      {blocked_at && (
        <Tag tone="bad" icon={<IconBan size={13} aria-hidden />}>
          {t('blocked')}
        </Tag>
      )}
      {consent && (
        <Tag tone={consent === 'opted_in' ? 'good' : 'warn'} icon={consent === 'opted_in' ? yes : out}>
          {t(`consent.all.${consent}`)}
        </Tag>
      )}
      {marketing && consent !== 'opted_out' && (
        <Tag tone={marketing === 'opted_in' ? 'good' : 'warn'} icon={marketing === 'opted_in' ? yes : out}>
          {t(`consent.marketing.${marketing}`)}
        </Tag>
      )}
    </Group>
  );
}
