import { Group, Table, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';

import { count } from '~/parts/numbers';
import classes from './analytics.module.css';
import { Card } from './Card';
import { hourName, weekdayName } from './format';
import { highest, type Sheet } from './sheets';

const LEVELS = 6;

/** When customers write: a table whose cells are the darker the more there is. */
export function HeatMap({ sheet }: { sheet: Sheet }) {
  const { t } = useTranslation('analytics');
  const cells = sheet.rows.flatMap((row, day) =>
    row.slice(1).map((value, hour) => ({ weekday: day + 1, hour, inbound: Number(value) })),
  );
  const busiest = highest(cells, (cell) => cell.inbound);
  const says = busiest
    ? t('card.week.says', {
        weekday: weekdayName(busiest.weekday),
        hour: hourName(busiest.hour),
        messages: t('messages', { count: busiest.inbound, text: count(busiest.inbound) }),
      })
    : t('card.week.none');
  const level = (value: number) => (value > 0 && busiest ? Math.ceil((value / busiest.inbound) * LEVELS) : 0);
  return (
    <Card sheet={sheet} says={says} isTable>
      <Table.ScrollContainer
        minWidth={860}
        scrollAreaProps={{ viewportProps: { tabIndex: 0, role: 'region', 'aria-label': sheet.title } }}
      >
        <table className={classes.heat} aria-label={sheet.title}>
          <thead>
            <tr>
              <th scope="col">{sheet.columns[0]?.head}</th>
              {sheet.columns.slice(1).map(({ key, head }) => (
                <th key={key} scope="col" aria-label={head}>
                  {key.padStart(2, '0')}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {sheet.rows.map((row, day) => (
              <tr key={String(row[0])}>
                <th scope="row" aria-label={String(row[0])}>
                  {weekdayName(day + 1, 'short')}
                </th>
                {row.slice(1).map((value, hour) => (
                  // oxlint-disable-next-line react/no-array-index-key -- the hour is the name of the cell
                  <td key={hour} data-level={level(Number(value))}>
                    {count(Number(value))}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </Table.ScrollContainer>
      <Group gap={4} mt="sm" aria-hidden>
        <Text size="xs" c="var(--quiet)" me={4}>
          {t('card.week.less')}
        </Text>
        {Array.from({ length: LEVELS + 1 }, (_, step) => (
          <span key={step} className={classes.swatch} data-level={step} />
        ))}
        <Text size="xs" c="var(--quiet)" ms={4}>
          {t('card.week.more')}
        </Text>
      </Group>
    </Card>
  );
}
