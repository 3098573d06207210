import { Group, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';

import { count } from '~/parts/numbers';
import classes from './analytics.module.css';
import { Card } from './Card';
import type { Stats } from './queries';
import { share } from './compare';
import { shareText, written } from './format';
import { type Colour, colour } from './palette';
import type { Sheet } from './sheets';

const COLOURS: Colour[] = ['agent', 'human', 'trouble', 'system'];

/** How conversations ended: with nobody's help, with somebody's, or not yet. */
export function ResolutionCard({ sheet, resolution }: { sheet: Sheet; resolution: Stats['resolution'] }) {
  const { t } = useTranslation('analytics');
  const { conversations, by_agent_alone } = resolution;
  const alone = share(by_agent_alone, conversations);
  const says =
    alone === null
      ? t('card.resolution.none')
      : t('card.resolution.says', { share: shareText(alone, 0), all: count(conversations) });
  return (
    <Card sheet={sheet} says={says} isTable>
      <Text className={classes.large}>{alone === null ? '–' : shareText(alone, 0)}</Text>
      <div className={classes.segments} aria-hidden>
        {sheet.rows.map(([name, value], at) =>
          Number(value) > 0 ? (
            <span key={String(name)} style={{ flexGrow: Number(value), background: colour(COLOURS[at]!) }} />
          ) : null,
        )}
      </div>
      <ul className={classes.parts}>
        {sheet.rows.map(([name, value, part], at) => (
          <li key={String(name)}>
            <Group gap={8} wrap="nowrap" align="flex-start">
              <span className={classes.dot} style={{ background: colour(COLOURS[at]!) }} aria-hidden />
              <Text size="sm">{name}</Text>
            </Group>
            <Group gap={8} wrap="nowrap" className={classes.figure}>
              <Text size="sm">{count(Number(value))}</Text>
              <Text size="sm" c="var(--quiet)">
                {written('share', part)}
              </Text>
            </Group>
          </li>
        ))}
      </ul>
    </Card>
  );
}
