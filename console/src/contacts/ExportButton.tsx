import { Button, Tooltip } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';

import type { Schemas } from '~/api/client';
import { useMay } from '~/session';
import { exportUrl } from './queries';

/** Everything that is kept of a contact, as a file. The browser writes it down as it comes, however much it is. */
export function ExportButton({ contact }: { contact: Schemas['Contact'] }) {
  const { t } = useTranslation(['contacts', 'parts']);
  const may = useMay('operator');
  const icon = <IconDownload size={18} />;
  if (!may) {
    return (
      <Button variant="default" leftSection={icon} disabled title={t('parts:notAllowed')}>
        {t('export.action')}
      </Button>
    );
  }
  return (
    <Tooltip label={t('export.what')} multiline w={280}>
      <Button variant="default" leftSection={icon} component="a" href={exportUrl(contact.id)} download>
        {t('export.action')}
      </Button>
    </Tooltip>
  );
}
