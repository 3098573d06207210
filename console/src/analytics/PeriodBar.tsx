import { Group, SegmentedControl, Select, TextInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';

import { Choice } from '~/parts/Choice';
import { useAgents, useNumbers } from '~/parts/names';
import { daysIn, MOST_DAYS_BY_HOUR, type Period, PRESETS } from './period';

type Change = Partial<Record<'days' | 'from' | 'to' | 'by' | 'number' | 'agent', string | undefined>>;

/** What is looked at: which days, in which steps, of which number and agent. All of it stands in the address. */
export function PeriodBar({
  period,
  today,
  number,
  agent,
  onChange,
}: {
  period: Period;
  today: string;
  number: string | undefined;
  agent: string | undefined;
  onChange: (change: Change) => void;
}) {
  const { t } = useTranslation(['analytics', 'parts']);
  const numbers = useNumbers();
  const agents = useAgents();
  const { from, to, by, last } = period;
  const tooLong = daysIn(period) > MOST_DAYS_BY_HOUR;
  const options = (all: { id: string; name: string }[]) => all.map(({ id, name }) => ({ value: id, label: name }));
  return (
    <Group mb="lg" gap="sm" align="flex-end">
      <Select
        label={t('period.label')}
        w={{ base: '100%', xs: 170 }}
        allowDeselect={false}
        data={[
          ...PRESETS.map((days) => ({ value: String(days), label: t(`period.last${days}`) })),
          ...(last ? [] : [{ value: 'own', label: t('period.own') }]),
        ]}
        value={last ? String(last) : 'own'}
        onChange={(days) => days !== 'own' && onChange({ days: days ?? undefined, from: undefined, to: undefined })}
      />
      <TextInput
        type="date"
        label={t('period.from')}
        max={to}
        value={from}
        onChange={({ currentTarget }) => currentTarget.value && onChange({ from: currentTarget.value, to, days: undefined })}
      />
      <TextInput
        type="date"
        label={t('period.to')}
        min={from}
        max={today}
        value={to}
        onChange={({ currentTarget }) => currentTarget.value && onChange({ from, to: currentTarget.value, days: undefined })}
      />
      <SegmentedControl
        aria-label={t('period.by')}
        value={by}
        onChange={(chosen) => onChange({ by: chosen })}
        data={[
          { value: 'day', label: t('period.day') },
          { value: 'hour', label: t('period.hour'), disabled: tooLong },
        ]}
        title={tooLong ? t('period.tooLong', { count: MOST_DAYS_BY_HOUR }) : undefined}
      />
      {(numbers.length > 1 || number) && (
        <Choice
          label={t('column.number')}
          options={options(numbers)}
          value={number}
          onChange={(chosen) => onChange({ number: chosen })}
          width={200}
        />
      )}
      {(agents.length > 1 || agent) && (
        <Choice
          label={t('column.agentName')}
          options={options(agents)}
          value={agent}
          onChange={(chosen) => onChange({ agent: chosen })}
          width={200}
        />
      )}
    </Group>
  );
}
