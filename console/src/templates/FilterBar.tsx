import { Button, Group, Select } from '@mantine/core';
import { useTranslation } from 'react-i18next';

import { languageName, LANGUAGE_CODES } from './languages';
import { FILTERS, type Filters, numberName, useAccounts } from './templates';

const STATUSES = ['APPROVED', 'PENDING', 'REJECTED', 'PAUSED', 'DISABLED', 'DELETED'] as const;
const CATEGORIES = ['UTILITY', 'MARKETING', 'AUTHENTICATION'] as const;

export function FilterBar({ filters, onChange }: { filters: Filters; onChange: (change: Filters) => void }) {
  const { t, i18n } = useTranslation(['templates', 'parts']);
  const { numbers } = useAccounts();
  const isAny = FILTERS.some((name) => filters[name]);
  const props = (name: (typeof FILTERS)[number]) => ({
    'aria-label': t(`filter.${name}`),
    placeholder: t(`filter.${name}`),
    clearable: true,
    size: 'sm' as const,
    value: filters[name] ?? null,
    onChange: (value: string | null) => onChange({ [name]: value ?? undefined }),
  });
  return (
    <Group gap="xs" mb="md" role="search" aria-label={t('filter.label')}>
      {numbers.length > 1 && (
        <Select
          {...props('number')}
          w={220}
          searchable
          data={numbers.map((number) => ({ value: number.id, label: numberName(number) }))}
        />
      )}
      <Select
        {...props('status')}
        w={150}
        data={STATUSES.map((status) => ({ value: status, label: t(`status.${status}`) }))}
      />
      <Select
        {...props('category')}
        w={170}
        data={CATEGORIES.map((category) => ({ value: category, label: t(`category.${category}`) }))}
      />
      <Select
        {...props('language')}
        w={200}
        searchable
        data={LANGUAGE_CODES.map((code) => ({ value: code, label: `${languageName(code, i18n.language)} (${code})` }))}
      />
      {isAny && (
        <Button
          variant="subtle"
          size="sm"
          onClick={() => onChange(Object.fromEntries(FILTERS.map((name) => [name, undefined])))}
        >
          {t('filter.clear')}
        </Button>
      )}
    </Group>
  );
}
