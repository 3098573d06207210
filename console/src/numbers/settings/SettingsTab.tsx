import { Stack } from '@mantine/core';

import type { Schemas } from '~/api/client';
import { useMay } from '~/session';
import { NumberForm } from './NumberForm';
import { RemovePanel } from './RemovePanel';

export function SettingsTab({ number }: { number: Schemas['Number'] }) {
  const isAdmin = useMay();
  return (
    <Stack maw={760}>
      <NumberForm number={number} />
      {isAdmin && <RemovePanel number={number} />}
    </Stack>
  );
}
