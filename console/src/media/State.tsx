import { IconAlertTriangle, IconDownload } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';

import type { Schemas } from '~/api/client';
import { Tag } from '~/parts/Tag';

/** What is not as it should be; nothing of a file that simply is there. */
export function State({ media }: { media: Schemas['Media'] }) {
  const { t } = useTranslation('media');
  const warning = <IconAlertTriangle size={13} aria-hidden />;
  if (media.status === 'fetching') {
    return (
      <Tag tone="new" icon={<IconDownload size={13} aria-hidden />}>
        {t('status.fetching')}
      </Tag>
    );
  }
  if (media.status === 'failed') {
    return (
      <Tag tone="bad" icon={warning}>
        {t('status.failed')}
      </Tag>
    );
  }
  if (!media.warning) return null;
  return (
    <Tag tone="warn" icon={warning}>
      {t('odd.badge')}
    </Tag>
  );
}
