import { Button, type ButtonProps } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { IconRefresh } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { api, ok } from '~/api/client';
import { notifyDone, notifyFailure } from '~/parts/Failure';
import { useNumbersChanged } from './useNumber';

/** Asks Meta about the number now, and says what came of it. */
export function CheckButton({ id, ...rest }: ButtonProps & { id: string }) {
  const { t } = useTranslation('numbers');
  const changed = useNumbersChanged();
  const [busy, setBusy] = useState(false);

  const check = async () => {
    setBusy(true);
    try {
      const found = await ok(api.POST('/api/v1/numbers/{number_id}/check', { params: { path: { number_id: id } } }));
      if (found.ok) notifyDone(t('check.well'));
      else {
        notifications.show({
          color: 'orange',
          title: t('check.problems', { count: found.problems.length }),
          message: found.problems[0]?.message,
          autoClose: 8000,
        });
      }
      await changed();
    } catch (thrown) {
      notifyFailure(thrown);
    } finally {
      setBusy(false);
    }
  };

  return (
    <Button variant="default" leftSection={<IconRefresh size={18} />} onClick={check} loading={busy} {...rest}>
      {t('check.now')}
    </Button>
  );
}
