import { Button, type ButtonProps } from '@mantine/core';
import { IconPlugConnected } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { api, ok } from '~/api/client';
import { Failure, notifyDone } from '~/parts/Failure';
import { useNumbersChanged } from '../useNumber';

/** Has Meta send the number's webhooks here. Meta verifies the address before it answers. */
export function SubscribeButton({ id, ...rest }: ButtonProps & { id: string }) {
  const { t } = useTranslation('numbers');
  const changed = useNumbersChanged();
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);

  const subscribe = async () => {
    setBusy(true);
    setError(null);
    try {
      await ok(api.POST('/api/v1/numbers/{number_id}/subscribe', { params: { path: { number_id: id } } }));
      notifyDone(t('subscribe.done'));
      await changed();
    } catch (thrown) {
      setError(thrown);
    } finally {
      setBusy(false);
    }
  };

  return (
    <div>
      <Button leftSection={<IconPlugConnected size={18} />} onClick={subscribe} loading={busy} {...rest}>
        {t('subscribe.button')}
      </Button>
      <Failure error={error} />
    </div>
  );
}
