import { Table } from '@mantine/core';

import classes from './analytics.module.css';
import { type Kind, timeLabel, written } from './format';
import type { Sheet } from './sheets';

/** The numbers of a sheet. One column may be drawn as bars too, so that the eye finds what is large. */
export function SheetTable({ sheet, bars, columns }: { sheet: Sheet; bars?: string; /** The columns to show; all of them unless told. */ columns?: string[] }) {
  const shown = sheet.columns
    .map((column, at) => ({ ...column, at }))
    .filter(({ key }) => !columns || columns.includes(key));
  const barAt = sheet.columns.findIndex(({ key }) => key === bars);
  const most = Math.max(1, ...sheet.rows.map((row) => Number(row[barAt] ?? 0)));
  return (
    <Table.ScrollContainer
      minWidth={shown.length > 4 ? 620 : 240}
      maxHeight={360}
      w="100%"
      scrollAreaProps={{ viewportProps: { tabIndex: 0, role: 'region', 'aria-label': sheet.title } }}
    >
      <Table className={classes.table} stickyHeader verticalSpacing={6} aria-label={sheet.title}>
        <Table.Thead>
          <Table.Tr>
            {shown.map(({ key, head, kind }) => (
              <Table.Th key={key} data-kind={kind} scope="col">
                {head}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {sheet.rows.map((row, place) => (
            // oxlint-disable-next-line react/no-array-index-key -- rows have no other name, and none of them moves
            <Table.Tr key={place}>
              {shown.map(({ key, kind, at }, column) => {
                const text = cellText(kind, row[at]);
                if (column === 0) {
                  return (
                    <Table.Th key={key} scope="row" data-kind={kind}>
                      <bdi>{text}</bdi>
                    </Table.Th>
                  );
                }
                return (
                  <Table.Td key={key} data-kind={kind}>
                    {at === barAt ? <Bar of={Number(row[at] ?? 0) / most}>{text}</Bar> : text}
                  </Table.Td>
                );
              })}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

function cellText(kind: Kind, value: string | number | null | undefined): string {
  return kind === 'time' && typeof value === 'string' ? timeLabel(value, 'axis') : written(kind, value);
}

function Bar({ of, children }: { of: number; children: string }) {
  return (
    <span className={classes.barCell}>
      <span className={classes.barText}>{children}</span>
      <span className={classes.barRoom} aria-hidden>
        <span className={classes.bar} style={{ inlineSize: `${Math.max(of * 100, of > 0 ? 1 : 0)}%` }} />
      </span>
    </span>
  );
}
