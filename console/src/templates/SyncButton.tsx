import { Button } from '@mantine/core';
import { IconRefresh } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { api, ok } from '~/api/client';
import { notifyDone, notifyFailure } from '~/parts/Failure';
import { count } from '~/parts/numbers';

import { useAccounts, useRefreshTemplates } from './templates';

/** Reads the templates of every account from Meta. */
export function SyncButton() {
  const { t } = useTranslation('templates');
  const { accounts } = useAccounts();
  const refresh = useRefreshTemplates();
  const [busy, setBusy] = useState(false);
  const sync = async () => {
    setBusy(true);
    try {
      let [listed, changed] = [0, 0];
      for (const { id } of accounts) {
        const told = await ok(api.POST('/api/v1/templates/sync', { body: { number_id: id } }));
        listed += told.listed;
        changed += told.added + told.changed + told.deleted;
      }
      notifyDone(t('sync.done', { count: listed, listed: count(listed), changed: count(changed) }));
      await refresh();
    } catch (thrown) {
      notifyFailure(thrown);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Button
      variant="default"
      leftSection={<IconRefresh size={17} />}
      onClick={sync}
      loading={busy}
      disabled={accounts.length === 0}
      title={accounts.length === 0 ? t('sync.noNumber') : undefined}
    >
      {t('sync.do')}
    </Button>
  );
}
