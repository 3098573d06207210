import { Button, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import type { Schemas } from '~/api/client';
import { Copyable } from '~/parts/Copy';
import { Failure } from '~/parts/Failure';
import { randomToken } from '../changes';
import { useUpdateNumber } from '../useNumber';

/** The word that Meta shows when it verifies the address. It is made here, set, and seen this once. */
export function VerifyToken({
  number,
  hasShared,
}: {
  number: Pick<Schemas['Number'], 'id' | 'has_verify_token'>;
  /** Whether the gateway's settings have one that counts for every number. */
  hasShared: boolean;
}) {
  const { t } = useTranslation('numbers');
  const update = useUpdateNumber(number.id);
  const [made, setMade] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);

  const make = async () => {
    setBusy(true);
    setError(null);
    try {
      const verify_token = randomToken();
      await update({ verify_token });
      setMade(verify_token);
    } catch (thrown) {
      setError(thrown);
    } finally {
      setBusy(false);
    }
  };

  if (made) {
    return (
      <Stack gap={4}>
        <Copyable value={made} />
        <Text size="sm" c="var(--quiet)">
          {t('verify.once')}
        </Text>
      </Stack>
    );
  }
  const state = number.has_verify_token ? 'own' : hasShared ? 'shared' : 'none';
  return (
    <Stack gap={6} align="flex-start">
      <Text size="sm" c="var(--quiet)">
        {t(`verify.${state}`)}
      </Text>
      <Button variant="default" size="xs" onClick={make} loading={busy}>
        {state === 'own' ? t('verify.anew') : t('verify.make')}
      </Button>
      <Failure error={error} />
    </Stack>
  );
}
