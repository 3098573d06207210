import { Grid, Stack } from '@mantine/core';

import type { Schemas } from '~/api/client';
import { AnswerPanel } from './AnswerPanel';
import { FactsPanel } from './FactsPanel';
import { HealthPanel } from './HealthPanel';
import { HeldPanel } from './HeldPanel';
import { LinkPanel } from './LinkPanel';

/** How the number is, who answers on it, and how customers come to it. */
export function OverviewTab({ number }: { number: Schemas['Number'] }) {
  return (
    <Grid>
      <Grid.Col span={{ base: 12, md: 7 }}>
        <Stack>
          {number.health.status === 'held' ? <HeldPanel number={number} /> : <HealthPanel number={number} />}
          <AnswerPanel number={number} />
          <FactsPanel number={number} />
        </Stack>
      </Grid.Col>
      <Grid.Col span={{ base: 12, md: 5 }}>
        <LinkPanel number={number} />
      </Grid.Col>
    </Grid>
  );
}
