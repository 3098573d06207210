import { Stack } from '@mantine/core';

import type { Schemas } from '~/api/client';
import { HealthHistory } from './HealthHistory';
import { Notices } from './Notices';

export function HistoryTab({ number }: { number: Schemas['Number'] }) {
  return (
    <Stack>
      <Notices numberId={number.id} />
      <HealthHistory numberId={number.id} />
    </Stack>
  );
}
