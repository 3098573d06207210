/** Figures over time. Loaded when it is needed: what draws it is larger than a page. */
import '@mantine/charts/styles.css';

import { BarChart, LineChart } from '@mantine/charts';
import { useDirection } from '@mantine/core';

import classes from './analytics.module.css';
import { daysLabel, timeLabel, timeTicks } from './format';
import { grouped } from './group';
import { colour } from './palette';
import { addDays } from './period';
import { asData, type Sheet } from './sheets';
import { FEW, type Line } from './TimeCard';


export default function TimeChart({
  sheet,
  lines,
  as,
  size,
  written,
}: {
  sheet: Sheet;
  lines: Line[];
  as: 'bars' | 'lines';
  /** How many rows a bar holds. */
  size: number;
  /** How a value is written, on the axis too. */
  written: (value: number) => string;
}) {
  const { dir } = useDirection();
  const keys = lines.map(({ key }) => key);
  const data = grouped(asData(sheet), size, keys);
  const values = data.flatMap((row) => keys.map((key) => row[key])).filter((value) => typeof value === 'number');
  const kind = sheet.columns.find(({ key }) => key === lines[0]?.key)?.kind;
  const times = kind === 'duration' ? timeTicks(values) : undefined;
  const isFew = data.length <= FEW;
  const first = String(data[0]?.at ?? '');
  const oneDay = first.length > 10 && data.every((row) => String(row.at).slice(0, 10) === first.slice(0, 10));

  const common = {
    h: 260,
    data,
    dataKey: 'at',
    series: lines.map(({ key, colour: name, label, dashed, stack }) => ({
      name: key,
      label,
      color: colour(name),
      ...(dashed && isFew ? { strokeDasharray: '5 4' } : {}),
      stackId: isFew ? stack : undefined,
    })),
    className: classes.chart,
    tickLine: 'none' as const,
    textColor: 'var(--quiet)',
    gridColor: 'var(--edge)',
    valueFormatter: (value: number | null) => (value == null ? '–' : written(value)),
    xAxisProps: {
      tickFormatter: (at: string) => timeLabel(at, oneDay ? 'hour' : 'axis'),
      reversed: dir === 'rtl',
      minTickGap: 24,
    },
    yAxisProps: {
      width: 56,
      // Each mark beside its own line, the highest too.
      interval: 0 as const,
      orientation: dir === 'rtl' ? ('right' as const) : ('left' as const),
      tick: { fontSize: 12, fill: 'currentColor', transform: `translate(${dir === 'rtl' ? 6 : -6}, 0)` },
      tickFormatter: (value: number) => (value === 0 && kind === 'duration' ? '0' : written(value)),
      allowDecimals: kind !== 'count',
      ...(kind === 'share' ? rangeOf([0, 0.25, 0.5, 0.75, 1]) : {}),
      ...(times ? { ...rangeOf(times.ticks), ...(times.isFar ? { scale: 'log' as const } : {}) } : {}),
    },
    tooltipProps: { labelFormatter: (at: unknown) => barLabel(String(at), size) },
    // The figures are beside it as a table; nothing in the picture needs to be gone to.
    accessibilityLayer: false,
  };
  if (as === 'bars') {
    const apart = isFew && lines.some(({ stack }) => stack);
    return <BarChart {...common} type={apart ? 'default' : 'stacked'} maxBarWidth={34} cursorFill="var(--frame)" />;
  }
  return (
    <LineChart
      {...common}
      curveType="monotone"
      lineProps={({ name }) => (!isFew && lines.some(({ key, dashed }) => key === name && dashed) ? FAINT : {})}
      strokeWidth={isFew ? 2 : 1.5}
      withDots={isFew}
      dotProps={{ r: 2.5 }}
      activeDotProps={{ r: 4.5 }}
      connectNulls={false}
    />
  );
}

/** Where lines are dense, dashes cannot be seen; such a line is faint then. */
const FAINT = { strokeWidth: 1, strokeOpacity: 0.55 };

/** When what a bar holds begins, and when it ends where it holds more. */
function barLabel(at: string, size: number): string {
  if (size === 1) return timeLabel(at, 'whole');
  return at.length === 10 ? daysLabel({ from: at, to: addDays(at, size - 1) }) : timeLabel(at, 'whole');
}

function rangeOf(ticks: number[]) {
  return { ticks, domain: [ticks[0]!, ticks.at(-1)!] as [number, number] };
}
