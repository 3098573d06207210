import { Grid } from '@mantine/core';
import { useTranslation } from 'react-i18next';

import { money } from '~/parts/numbers';
import { duration } from '~/parts/time';
import { Card } from './Card';
import type { Stats } from './queries';
import { shareText, short } from './format';
import { HeatMap } from './HeatMap';
import { ResolutionCard } from './ResolutionCard';
import { SheetTable } from './SheetTable';
import type { Sheets } from './sheets';
import { TimeCard } from './TimeCard';
import { useSentences } from './useSentences';

const HALF = { base: 12, lg: 6 };
const WIDE = { base: 12, lg: 8 };
const NARROW = { base: 12, lg: 4 };

/** The charts, the most asked for first. */
export function Figures({ stats, sheets }: { stats: Stats; sheets: Sheets }) {
  const { t } = useTranslation('analytics');
  const says = useSentences(stats, sheets);
  const hasCost = stats.buckets.some(({ cost }) => cost);
  return (
    <Grid gap="lg" mt="lg">
      <Grid.Col span={WIDE}>
        <TimeCard
          as="bars"
          sheet={sheets.messages}
          says={says.messages}
          written={short}
          lines={[
            { key: 'inbound', colour: 'customers', label: t('column.inbound'), stack: 'in' },
            { key: 'agent', colour: 'agent', label: t('column.agent'), stack: 'out' },
            { key: 'human', colour: 'human', label: t('column.human'), stack: 'out' },
            { key: 'system', colour: 'system', label: t('column.system'), stack: 'out' },
          ]}
        />
      </Grid.Col>
      <Grid.Col span={NARROW}>
        <ResolutionCard sheet={sheets.resolution} resolution={stats.resolution} />
      </Grid.Col>
      <Grid.Col span={HALF}>
        <TimeCard
          as="lines"
          sheet={sheets.responses}
          says={says.responses}
          written={duration}
          lines={[
            { key: 'firstHalf', colour: 'agent', label: t('column.firstHalf') },
            { key: 'firstMost', colour: 'agent', label: t('column.firstMost'), dashed: true },
            { key: 'half', colour: 'customers', label: t('column.half') },
            { key: 'most', colour: 'customers', label: t('column.most'), dashed: true },
          ]}
        />
      </Grid.Col>
      <Grid.Col span={HALF}>
        <TimeCard
          as="lines"
          sheet={sheets.delivery}
          says={says.delivery}
          written={(value) => shareText(value, 1)}
          lines={[
            { key: 'deliveryRate', colour: 'customers', label: t('column.deliveryRate') },
            { key: 'readRate', colour: 'human', label: t('column.readRate') },
          ]}
        />
      </Grid.Col>
      <Grid.Col span={WIDE}>
        <TimeCard
          as="bars"
          sheet={sheets.ends}
          says={says.ends}
          written={short}
          lines={[
            { key: 'answered', colour: 'agent', label: t('column.answered') },
            { key: 'withHuman', colour: 'human', label: t('column.withHuman') },
            { key: 'handedOver', colour: 'customers', label: t('column.handedOver') },
            { key: 'undelivered', colour: 'trouble', label: t('column.undelivered') },
            { key: 'other', colour: 'system', label: t('column.other') },
          ]}
        />
      </Grid.Col>
      <Grid.Col span={NARROW}>
        <Card sheet={sheets.outcomes} says={t('card.outcomes.says')} isTable>
          <SheetTable sheet={sheets.outcomes} bars="messages" />
        </Card>
      </Grid.Col>
      <Grid.Col span={12}>
        <HeatMap sheet={sheets.week} />
      </Grid.Col>
      <Grid.Col span={HALF}>
        <TimeCard
          as="bars"
          sheet={sheets.cost}
          says={says.cost}
          written={hasCost ? money : short}
          lines={
            hasCost
              ? [{ key: 'cost', colour: 'agent', label: t('column.cost') }]
              : [
                  { key: 'promptTokens', colour: 'customers', label: t('column.promptTokens') },
                  { key: 'completionTokens', colour: 'human', label: t('column.completionTokens') },
                ]
          }
        />
      </Grid.Col>
      <Grid.Col span={HALF}>
        <Card sheet={sheets.types} says={t('card.types.says')} isTable>
          <SheetTable sheet={sheets.types} bars="messages" />
        </Card>
      </Grid.Col>
      <Grid.Col span={12}>
        <Card sheet={sheets.agents} says={t('card.agents.says')} isTable>
          <SheetTable sheet={sheets.agents} bars="turns" />
        </Card>
      </Grid.Col>
      <Grid.Col span={12}>
        <Card sheet={sheets.numbers} says={t('card.numbers.says')} isTable>
          <SheetTable sheet={sheets.numbers} bars="inbound" />
        </Card>
      </Grid.Col>
      <Grid.Col span={12}>
        <Card sheet={sheets.models} says={t('card.models.says')} isTable>
          <SheetTable sheet={sheets.models} bars="turns" />
        </Card>
      </Grid.Col>
    </Grid>
  );
}
