import { SimpleGrid, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';

import { bytes, count } from '~/parts/numbers';
import { Panel } from '~/parts/Panel';
import { dateTime } from '~/parts/time';

import type { KnowledgeFile } from './queries';

const COUNTED = ['pages', 'pages_without_text', 'rows'] as const;
const NAMED: string[] = ['characters', 'encoding', 'empty_sheets', ...COUNTED];

/** What was read of a file, and how. */
export function Report({ file }: { file: KnowledgeFile }) {
  const { t } = useTranslation('knowledge');
  const known = (file.report ?? {}) as Record<string, unknown>;
  const perPassage = file.passages > 0 ? Math.round(file.tokens / file.passages) : 0;
  const facts: [string, string][] = [
    [t('report.size'), bytes(file.size_bytes)],
    ...(typeof known.characters === 'number'
      ? [[t('report.characters'), count(known.characters)] as [string, string]]
      : []),
    ...(typeof known.encoding === 'string' ? [[t('report.encoding'), known.encoding] as [string, string]] : []),
    ...COUNTED.flatMap((name): [string, string][] => {
      const value = known[name];
      return typeof value === 'number' && value > 0 ? [[t(`report.${name}`), count(value)]] : [];
    }),
    ...(Array.isArray(known.empty_sheets) && known.empty_sheets.length > 0
      ? [[t('report.empty_sheets'), known.empty_sheets.join(', ')] as [string, string]]
      : []),
    [t('file.passages'), count(file.passages)],
    [t('file.tokens'), count(file.tokens)],
    ...(perPassage > 0 ? [[t('report.each'), count(perPassage)] as [string, string]] : []),
    [t('file.added'), dateTime(file.created_at)],
    ...rest(known),
  ];
  return (
    <Panel title={t('report.title')}>
      <SimpleGrid component="dl" m={0} cols={{ base: 2, sm: 3, lg: 2 }} spacing="sm" verticalSpacing="md">
        {facts.map(([name, value]) => (
          <div key={name}>
            <Text component="dt" size="xs" c="var(--quiet)">
              {name}
            </Text>
            <Text component="dd" m={0} size="sm" fw={600} data-words>
              {value}
            </Text>
          </div>
        ))}
      </SimpleGrid>
    </Panel>
  );
}

/** Whatever else the gateway reports, under its own names. */
function rest(report: Record<string, unknown>): [string, string][] {
  return Object.entries(report)
    .filter(([name, value]) => !NAMED.includes(name) && ['string', 'number', 'boolean'].includes(typeof value))
    .map(([name, value]) => [name.replaceAll('_', ' '), typeof value === 'number' ? count(value) : String(value)]);
}
