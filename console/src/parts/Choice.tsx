import { Select } from '@mantine/core';
import { useTranslation } from 'react-i18next';

/** A filter of a list: one of these, or all. */
export function Choice<Value extends string>({
  label,
  options,
  value,
  onChange,
  width = 170,
}: {
  label: string;
  options: { value: Value; label: string }[];
  value: Value | undefined;
  onChange: (value: Value | undefined) => void;
  width?: number;
}) {
  const { t } = useTranslation('parts');
  return (
    <Select
      label={label}
      w={{ base: '100%', xs: width }}
      data={[{ value: '', label: t('all') }, ...options]}
      value={value ?? ''}
      onChange={(chosen) => onChange((chosen || undefined) as Value | undefined)}
      allowDeselect={false}
      searchable={options.length > 10}
      comboboxProps={{ withinPortal: true }}
    />
  );
}
