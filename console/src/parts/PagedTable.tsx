import { Box, Button, Center, Skeleton, Table } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

import { Failure } from './Failure';
import { Nothing } from './Nothing';

export interface Column<Item> {
  head: string;
  cell: (item: Item) => ReactNode;
  width?: number | string;
  /** Left out on narrow screens. */
  wideOnly?: boolean;
}

/** What `$api.useInfiniteQuery` tells of a list, as far as it is needed here. */
interface PagedQuery<Item> {
  data?: { pages: { items: Item[] }[] };
  error: unknown;
  isPending: boolean;
  hasNextPage: boolean;
  isFetchingNextPage: boolean;
  fetchNextPage: () => unknown;
}

/** A list of the API as a table that grows page by page. A row can be gone to. */
export function PagedTable<Item extends { id: string }>({
  query,
  columns,
  empty,
  onRow,
  label,
}: {
  query: PagedQuery<Item>;
  columns: Column<Item>[];
  /** What is said where there is nothing. */
  empty: { title: string; text: ReactNode; action?: ReactNode };
  onRow?: (item: Item) => void;
  /** What the table lists, for those who hear it. */
  label: string;
}) {
  const { t } = useTranslation('parts');
  const items = query.data?.pages.flatMap((page) => page.items) ?? [];
  if (query.error) return <Failure error={query.error} />;
  if (!query.isPending && items.length === 0) return <Nothing {...empty} />;
  return (
    <Box>
      <Table.ScrollContainer minWidth={columns.length > 3 ? 640 : 320} scrollAreaProps={{ viewportProps: { tabIndex: 0 } }}>
        <Table highlightOnHover={!!onRow} verticalSpacing="sm" horizontalSpacing="md" aria-label={label}>
          <Table.Thead>
            <Table.Tr>
              {columns.map((column) => (
                <Table.Th key={column.head} w={column.width} visibleFrom={column.wideOnly ? 'md' : undefined}>
                  {column.head}
                </Table.Th>
              ))}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {query.isPending &&
              [0, 1, 2, 3].map((row) => (
                <Table.Tr key={row} aria-hidden>
                  <Table.Td colSpan={columns.length}>
                    <Skeleton h={18} />
                  </Table.Td>
                </Table.Tr>
              ))}
            {items.map((item) => (
              <Table.Tr
                key={item.id}
                onClick={onRow && (() => onRow(item))}
                style={onRow ? { cursor: 'pointer' } : undefined}
              >
                {columns.map((column) => (
                  <Table.Td key={column.head} visibleFrom={column.wideOnly ? 'md' : undefined}>
                    {column.cell(item)}
                  </Table.Td>
                ))}
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
      {query.hasNextPage && (
        <Center mt="md">
          <Button variant="default" onClick={() => query.fetchNextPage()} loading={query.isFetchingNextPage}>
            {t('more')}
          </Button>
        </Center>
      )}
    </Box>
  );
}

/** For `$api.useInfiniteQuery`: how the API's lists go on. */
export const paged = {
  initialPageParam: '',
  pageParamName: 'cursor',
  getNextPageParam: (page: { next_cursor?: string | null }) => page.next_cursor ?? undefined,
};
