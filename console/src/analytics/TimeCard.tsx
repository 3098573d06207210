import { Skeleton } from '@mantine/core';
import { lazy, Suspense } from 'react';
import { useTranslation } from 'react-i18next';

import classes from './analytics.module.css';
import { Card } from './Card';
import { barSize } from './group';
import { type Colour, colour } from './palette';
import type { Sheet } from './sheets';

const TimeChart = lazy(() => import('./TimeChart'));

/** So many buckets have room for dots, dashes and bars beside each other. */
export const FEW = 45;

export interface Line {
  /** A column of the sheet. */
  key: string;
  colour: Colour;
  label: string;
  dashed?: boolean;
  /** Bars of one name stand on each other, others beside them; all on each other where there is no room for that. */
  stack?: string;
}

/** A chart over time with its sentence, its legend and its table. */
export function TimeCard({
  sheet,
  says,
  lines,
  as,
  written,
}: {
  sheet: Sheet;
  /** What it tells, in a sentence. */
  says: string;
  lines: Line[];
  as: 'bars' | 'lines';
  written: (value: number) => string;
}) {
  const { t } = useTranslation('analytics');
  const by = String(sheet.rows[0]?.[0] ?? '').length > 10 ? 'hour' : 'day';
  const size = as === 'bars' ? barSize(sheet.rows.length, by) : 1;
  const isDense = sheet.rows.length > FEW;
  const told = size > 1 ? `${says} ${t(`bars.${by}`, { count: size })}` : says;
  return (
    <Card sheet={sheet} says={told}>
      <ul className={classes.legend} aria-hidden>
        {lines.map(({ key, colour: name, label, dashed }) => (
          <li key={key}>
            <svg width="18" height="10" aria-hidden>
              {as === 'bars' ? (
                <rect x="3" width="12" height="10" rx="2" fill={colour(name)} />
              ) : (
                <line x1="0" x2="18" y1="5" y2="5" {...sampleOf(name, dashed, isDense)} />
              )}
            </svg>
            {label}
          </li>
        ))}
      </ul>
      <div role="img" aria-label={`${sheet.title}. ${told}`}>
        <Suspense fallback={<Skeleton h={260} />}>
          <TimeChart sheet={sheet} lines={lines} as={as} size={size} written={written} />
        </Suspense>
      </div>
    </Card>
  );
}

function sampleOf(name: Colour, dashed: boolean | undefined, isDense: boolean) {
  const stroke = colour(name);
  if (!dashed) return { stroke, strokeWidth: 3 };
  return isDense ? { stroke, strokeWidth: 1.5, strokeOpacity: 0.7 } : { stroke, strokeWidth: 3, strokeDasharray: '5 3' };
}
