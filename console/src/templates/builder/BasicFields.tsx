import { Radio, Select, SimpleGrid, Stack, Text, TextInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';

import { LANGUAGE_CODES, languageName } from '../languages';
import { numberName, useAccounts } from '../templates';
import { CATEGORIES, type Category } from './draft';
import type { FieldProps } from './fields';
import { MAX } from './rules';

const HOUR = 3600;
const DAY = 24 * HOUR;
/** How long Meta may try, for each category. */
const TRIES: Record<Category, number[]> = {
  AUTHENTICATION: [60, 300, 600, 900],
  UTILITY: [300, HOUR, 3 * HOUR, 12 * HOUR, -1],
  MARKETING: [12 * HOUR, DAY, 7 * DAY, 30 * DAY],
};

/** Where it belongs and what it is for. */
export function BasicFields({ draft, change, wrong, how, status }: FieldProps & { status?: string }) {
  const { t, i18n } = useTranslation('templates');
  const { accounts } = useAccounts();
  const isFixed = how === 'edit';
  const isCategoryFixed = isFixed && status === 'APPROVED';
  return (
    <Stack>
      {accounts.length > 1 && (
        <Select
          label={t('field.number')}
          description={t('field.numberHint')}
          data={accounts.map((number) => ({ value: number.id, label: numberName(number) }))}
          value={draft.number_id || null}
          onChange={(number_id) => change({ number_id: number_id ?? '' })}
          allowDeselect={false}
          disabled={isFixed}
          error={wrong('number_id')}
        />
      )}
      <SimpleGrid cols={{ base: 1, sm: 2 }}>
        <TextInput
          label={t('field.name')}
          description={isFixed ? t('field.fixed') : t('field.nameHint')}
          placeholder="order_ready"
          dir="ltr"
          required
          maxLength={MAX.name}
          value={draft.name}
          // What people write, as Meta takes it.
          onChange={(event) => change({ name: event.currentTarget.value.toLowerCase().replace(/[\s-]+/g, '_') })}
          disabled={isFixed}
          error={wrong('name')}
        />
        <Select
          label={t('field.language')}
          description={isFixed ? t('field.fixed') : t('field.languageHint')}
          searchable
          allowDeselect={false}
          data={[...new Set([draft.language, ...LANGUAGE_CODES])].map((code) => ({
            value: code,
            label: `${languageName(code, i18n.language)} (${code})`,
          }))}
          value={draft.language}
          onChange={(language) => change({ language: language ?? 'en' })}
          disabled={isFixed}
          error={wrong('language')}
        />
      </SimpleGrid>
      <Radio.Group
        label={t('field.category')}
        description={isCategoryFixed ? t('field.categoryFixed') : undefined}
        value={draft.category}
        onChange={(category) => change({ category: category as Category, ttl: null })}
        error={wrong('category')}
      >
        <Stack gap={8} mt={8}>
          {CATEGORIES.map((category) => (
            <Radio
              key={category}
              value={category}
              label={t(`category.${category}`)}
              description={t(`categoryAbout.${category}`)}
              disabled={isCategoryFixed || (isFixed && category === 'AUTHENTICATION' && draft.category !== category)}
            />
          ))}
        </Stack>
      </Radio.Group>
      <Select
        label={t('field.ttl')}
        description={t('field.ttlHint')}
        placeholder={t('field.ttlNone')}
        clearable
        data={TRIES[draft.category].map((seconds) => ({ value: String(seconds), label: spoken(seconds, i18n.language) }))}
        value={draft.ttl === null ? null : String(draft.ttl)}
        onChange={(seconds) => change({ ttl: seconds === null ? null : Number(seconds) })}
        error={wrong('ttl')}
        maw={320}
      />
      {how === 'copy' && (
        <Text size="sm" c="var(--quiet)">
          {t('builder.copyHint')}
        </Text>
      )}
    </Stack>
  );
}

function spoken(seconds: number, language: string): string {
  const unit = (value: number, name: string) =>
    new Intl.NumberFormat(language, { style: 'unit', unit: name, unitDisplay: 'long' }).format(value);
  // -1 is Meta's word for 30 days.
  if (seconds === -1) return unit(30, 'day');
  if (seconds >= DAY) return unit(seconds / DAY, 'day');
  return seconds >= HOUR ? unit(seconds / HOUR, 'hour') : unit(seconds / 60, 'minute');
}
