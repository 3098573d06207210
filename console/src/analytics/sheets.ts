/** The figures as tables. What a chart draws, a table shows and a file holds is the same sheet. */
import i18next from 'i18next';

import type { Bucket, Counts, Stats } from './queries';
import { share } from './compare';
import type { Cell } from './csv';
import { hourName, type Kind, plainTime, weekdayName } from './format';

export interface Column {
  key: string;
  head: string;
  kind: Kind;
}

export interface Sheet {
  /** The file's name, without its ending. */
  name: string;
  title: string;
  columns: Column[];
  rows: Cell[][];
}

const t = (key: string): string => i18next.t(`analytics:${key}` as 'analytics:title');

/** A sheet from what stands in it, column by column: key, kind, and how a row tells it. Heads are `column.<key>`. */
function sheet<Row>(name: string, rows: Row[], columns: [key: string, kind: Kind, cell: (row: Row) => Cell][]): Sheet {
  return {
    name,
    title: t(`card.${name}.title`),
    columns: columns.map(([key, kind]) => ({ key, kind, head: t(`column.${key}`) })),
    rows: rows.map((row) => columns.map(([, , cell]) => cell(row))),
  };
}

/** The rows as things with the columns' keys, as charts take them. */
export function asData({ columns, rows }: Sheet): Record<string, Cell>[] {
  return rows.map((row) => Object.fromEntries(columns.map(({ key }, at) => [key, row[at]])));
}

export function makeSheets(stats: Stats, offsetMinutes: number) {
  const { buckets, by, resolution } = stats;
  const at = (bucket: Bucket) => plainTime(bucket.at, by, offsetMinutes);
  const outcomes = stats.outcomes.reduce((sum, { count }) => sum + count, 0);
  const messages = (direction: string) =>
    stats.types.filter((type) => type.direction === direction).reduce((sum, { count }) => sum + count, 0);

  return {
    messages: sheet('messages', buckets, [
      ['at', 'time', at],
      ['inbound', 'count', (of) => of.inbound],
      ['agent', 'count', (of) => of.outbound_by_author.agent],
      ['human', 'count', (of) => of.outbound_by_author.human],
      ['system', 'count', (of) => of.outbound_by_author.system],
    ]),
    delivery: sheet('delivery', buckets, [
      ['at', 'time', at],
      ['outbound', 'count', (of) => of.outbound],
      ['sent', 'count', (of) => of.sent],
      ['delivered', 'count', (of) => of.delivered],
      ['read', 'count', (of) => of.read],
      ['failed', 'count', (of) => of.failed],
      ['deliveryRate', 'share', deliveryRate],
      ['readRate', 'share', readRate],
    ]),
    responses: sheet('responses', buckets, [
      ['at', 'time', at],
      ['firstHalf', 'duration', (of) => of.first_response_p50_ms],
      ['firstMost', 'duration', (of) => of.first_response_p95_ms],
      ['half', 'duration', (of) => of.response_p50_ms],
      ['most', 'duration', (of) => of.response_p95_ms],
    ]),
    ends: sheet('ends', buckets, [
      ['at', 'time', at],
      ['answered', 'count', (of) => of.answered],
      ['withHuman', 'count', (of) => of.human],
      ['handedOver', 'count', (of) => of.handed_over],
      ['undelivered', 'count', (of) => of.undelivered],
      ['other', 'count', (of) => of.other_outcomes],
    ]),
    outcomes: sheet('outcomes', stats.outcomes, [
      ['outcome', 'text', (of) => i18next.t(`events:outcome.${of.outcome}`)],
      ['messages', 'count', (of) => of.count],
      ['share', 'share', (of) => share(of.count, outcomes)],
    ]),
    resolution: sheet(
      'resolution',
      [
        ['alone', resolution.by_agent_alone] as const,
        ['withHuman', resolution.with_human] as const,
        ['open', resolution.open] as const,
        ['nobody', unresolved(resolution)] as const,
      ],
      [
        ['resolved', 'text', ([how]) => t(`resolved.${how}`)],
        ['conversations', 'count', ([, count]) => count],
        ['share', 'share', ([, count]) => share(count, resolution.conversations)],
      ],
    ),
    week: weekSheet(stats),
    types: sheet('types', stats.types, [
      ['direction', 'text', (of) => t(`direction.${of.direction}`)],
      ['type', 'text', (of) => of.type],
      ['messages', 'count', (of) => of.count],
      ['share', 'share', (of) => share(of.count, messages(of.direction))],
    ]),
    cost: sheet('cost', buckets, [
      ['at', 'time', at],
      ['turns', 'count', (of) => of.turns],
      ['promptTokens', 'count', (of) => of.prompt_tokens],
      ['completionTokens', 'count', (of) => of.completion_tokens],
      ['cost', 'money', (of) => of.cost],
    ]),
    numbers: sheet('numbers', stats.by_number, [
      ['number', 'text', (of) => of.name ?? of.number_id],
      ['inbound', 'count', (of) => of.inbound],
      ['outbound', 'count', (of) => of.outbound],
      ['delivered', 'count', (of) => of.delivered],
      ['read', 'count', (of) => of.read],
      ['failed', 'count', (of) => of.failed],
      ['cost', 'money', (of) => of.cost],
    ]),
    agents: sheet('agents', stats.by_agent, [
      ['agentName', 'text', (of) => of.name ?? of.agent_id],
      ['turns', 'count', (of) => of.turns],
      ['answered', 'count', (of) => of.answered],
      ['handedOver', 'count', (of) => of.handed_over],
      ['promptTokens', 'count', (of) => of.prompt_tokens],
      ['completionTokens', 'count', (of) => of.completion_tokens],
      ['cost', 'money', (of) => of.cost],
    ]),
    models: sheet('models', stats.by_model, [
      ['model', 'text', (of) => of.model],
      ['turns', 'count', (of) => of.calls],
      ['promptTokens', 'count', (of) => of.prompt_tokens],
      ['completionTokens', 'count', (of) => of.completion_tokens],
      ['cost', 'money', (of) => of.cost],
    ]),
  };
}

export type Sheets = ReturnType<typeof makeSheets>;

/** How much of what Meta took arrived. */
export function deliveryRate(of: Counts): number | null {
  return share(of.delivered, of.sent);
}

/** How much of what arrived was read. */
export function readRate(of: Counts): number | null {
  return share(of.read, of.delivered);
}

/** Conversations in which nobody answered and nobody is asked to. */
export function unresolved({ conversations, by_agent_alone, with_human, open }: Stats['resolution']): number {
  return Math.max(0, conversations - by_agent_alone - with_human - open);
}

/** A row for each day of the week, a column for each hour. */
function weekSheet({ by_hour_of_week }: Stats): Sheet {
  const counts = new Map(by_hour_of_week.map(({ weekday, hour, inbound }) => [weekday * 24 + hour, inbound]));
  const hours = Array.from({ length: 24 }, (_, hour) => hour);
  return {
    name: 'week',
    title: t('card.week.title'),
    columns: [
      { key: 'weekday', head: t('column.weekday'), kind: 'text' },
      ...hours.map((hour) => ({ key: String(hour), head: hourName(hour), kind: 'count' as const })),
    ],
    rows: [1, 2, 3, 4, 5, 6, 7].map((weekday) => [
      weekdayName(weekday),
      ...hours.map((hour) => counts.get(weekday * 24 + hour) ?? 0),
    ]),
  };
}

/** Each bar's or row's sum, for what is the busiest. */
export function highest<Row>(rows: Row[], of: (row: Row) => number): Row | undefined {
  return rows.reduce<Row | undefined>((best, row) => (of(row) > (best ? of(best) : 0) ? row : best), undefined);
}
