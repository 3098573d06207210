import { ActionIcon, Indicator, Popover, Select, Stack } from '@mantine/core';
import { IconAdjustmentsHorizontal, IconX } from '@tabler/icons-react';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';

import type { Directory } from '../useDirectory';
import classes from './Filters.module.css';

/** Narrows the list to a number or an agent. */
export function FilterButton({ directory }: { directory: Directory }) {
  const { t } = useTranslation('inbox');
  const { number, agent } = useSearch({ strict: false });
  const narrow = useNarrow();
  return (
    <Popover position="bottom-end" width={280} trapFocus withinPortal shadow="md">
      <Indicator disabled={!number && !agent} size={8} offset={5}>
        <Popover.Target>
          <ActionIcon variant="subtle" color="gray" size="lg" aria-label={t('list.filter')} title={t('list.filter')}>
            <IconAdjustmentsHorizontal size={19} stroke={1.7} />
          </ActionIcon>
        </Popover.Target>
      </Indicator>
      <Popover.Dropdown>
        <Stack gap="sm">
          <Select
            label={t('list.number')}
            placeholder={t('list.anyNumber')}
            clearable
            searchable
            comboboxProps={{ withinPortal: false }}
            value={number ?? null}
            onChange={(value) => narrow({ number: value ?? undefined })}
            data={directory.numbers.map((line) => ({ value: line.id, label: directory.numberName(line.id) }))}
          />
          <Select
            label={t('list.agent')}
            placeholder={t('list.anyAgent')}
            clearable
            searchable
            comboboxProps={{ withinPortal: false }}
            value={agent ?? null}
            onChange={(value) => narrow({ agent: value ?? undefined })}
            data={directory.agents.map(({ id, name }) => ({ value: id, label: name }))}
          />
        </Stack>
      </Popover.Dropdown>
    </Popover>
  );
}

/** The filters that are set, each to be taken away. */
export function FilterChips({ directory }: { directory: Directory }) {
  const { t } = useTranslation('inbox');
  const { number, agent } = useSearch({ strict: false });
  const narrow = useNarrow();
  if (!number && !agent) return null;
  const chip = (name: string, clear: () => void) => (
    <button type="button" className={classes.chip} onClick={clear} aria-label={t('list.without', { name })}>
      <bdi>{name}</bdi>
      <IconX size={13} aria-hidden />
    </button>
  );
  return (
    <div className={classes.chips}>
      {number && chip(directory.numberName(number) || number, () => narrow({ number: undefined }))}
      {agent && chip(directory.agentName(agent) ?? agent, () => narrow({ agent: undefined }))}
    </div>
  );
}

function useNarrow() {
  const navigate = useNavigate();
  return (change: { number?: string; agent?: string }) =>
    navigate({ to: '.', search: (before) => ({ ...before, ...change }), replace: true });
}
