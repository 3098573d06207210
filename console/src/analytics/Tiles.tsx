import { SimpleGrid, Text } from '@mantine/core';
import { IconArrowDownRight, IconArrowUpRight, IconMinus } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';

import classes from './analytics.module.css';
import type { Counts, Stats } from './queries';
import { change, type Change, changeOfShare, share } from './compare';
import { type Kind, shareText, written } from './format';
import { deliveryRate, readRate } from './sheets';

type Name = 'inbound' | 'outbound' | 'firstAnswer' | 'alone' | 'handedOver' | 'delivered' | 'read' | 'cost';

interface Tile {
  name: Name;
  kind: Kind;
  value: (stats: Stats) => number | null | undefined;
  /** Whether more of it is welcome; neither, where that depends. */
  more?: 'good' | 'bad';
}

const ended = ({ answered, handed_over, human, undelivered, other_outcomes }: Counts) =>
  answered + handed_over + human + undelivered + other_outcomes;

const TILES: Tile[] = [
  { name: 'inbound', kind: 'count', value: ({ totals }) => totals.inbound },
  { name: 'outbound', kind: 'count', value: ({ totals }) => totals.outbound },
  { name: 'firstAnswer', kind: 'duration', value: ({ totals }) => totals.first_response_p50_ms, more: 'bad' },
  {
    name: 'alone',
    kind: 'share',
    value: ({ resolution }) => share(resolution.by_agent_alone, resolution.conversations),
    more: 'good',
  },
  { name: 'handedOver', kind: 'share', value: ({ totals }) => share(totals.handed_over, ended(totals)), more: 'bad' },
  { name: 'delivered', kind: 'share', value: ({ totals }) => deliveryRate(totals), more: 'good' },
  { name: 'read', kind: 'share', value: ({ totals }) => readRate(totals), more: 'good' },
  { name: 'cost', kind: 'money', value: ({ totals }) => totals.cost, more: 'bad' },
];

/** The figures that are looked at first, and how they stand to the period before. */
export function Tiles({
  stats,
  before,
  isBegun,
}: {
  stats: Stats;
  before: Stats | undefined;
  /** It is today only: what adds up over a day is not compared with a whole one. */
  isBegun: boolean;
}) {
  const { t } = useTranslation('analytics');
  return (
    <SimpleGrid cols={{ base: 2, sm: 3, lg: 4 }} spacing="md" component="section" aria-label={t('tiles')}>
      {TILES.map(({ name, kind, value, more }) => {
        const now = value(stats);
        const compare = kind === 'share' ? changeOfShare : change;
        return (
          <div key={name} className={classes.tile}>
            <Text size="sm" c="var(--quiet)">
              {t(`tile.${name}`)}
            </Text>
            <Text className={classes.value}>{written(kind, now)}</Text>
            {isBegun && before && (kind === 'count' || kind === 'money') ? (
              <Text size="xs" c="var(--quiet)">
                {t('change.dayBefore', { value: written(kind, value(before)) })}
              </Text>
            ) : (
              <Delta change={before && compare(now, value(before))} kind={kind} more={more} />
            )}
          </div>
        );
      })}
    </SimpleGrid>
  );
}

const ICONS = { more: IconArrowUpRight, less: IconArrowDownRight, same: IconMinus };

function Delta({ change, kind, more }: { change: Change | null | undefined; kind: Kind; more?: 'good' | 'bad' }) {
  const { t } = useTranslation('analytics');
  if (!change) {
    return (
      <Text size="xs" c="var(--quiet)">
        {t('change.none')}
      </Text>
    );
  }
  const { way, by } = change;
  const Icon = ICONS[way];
  const words = kind === 'duration' ? (['slower', 'quicker'] as const) : (['more', 'less'] as const);
  const word = way === 'same' ? 'same' : kind === 'share' ? (way === 'more' ? 'pointsMore' : 'pointsLess') : words[way === 'more' ? 0 : 1];
  const by100 = Math.abs(by) * 100;
  const told = kind === 'share' ? by100.toFixed(1) : shareText(Math.abs(by), Math.abs(by) < 0.1 ? 1 : 0);
  const tone = way === 'same' || !more ? 'plain' : (way === 'more') === (more === 'good') ? 'good' : 'bad';
  return (
    <span className={classes.delta} data-tone={tone}>
      <Icon size={15} aria-hidden />
      {t(`change.${word}`, { by: told })}
    </span>
  );
}
