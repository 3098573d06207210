import { Select, Stack, Text, TextInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';

import { count } from '~/parts/numbers';

import { namesIn } from '../parts';
import { type HeaderFormat, HEADERS, isFile } from './draft';
import type { FieldProps } from './fields';
import { MAX } from './rules';

/** What stands above the words. */
export function HeaderFields({ draft, change, wrong }: FieldProps) {
  const { t } = useTranslation('templates');
  const formats = HEADERS.filter((format) => format !== 'GIF' || draft.category === 'MARKETING' || draft.header === 'GIF');
  return (
    <Stack>
      <Select
        label={t('field.header')}
        allowDeselect={false}
        maw={320}
        data={formats.map((format) => ({ value: format, label: t(`header.${format}`) }))}
        value={draft.header}
        onChange={(header) => change({ header: header as HeaderFormat })}
        error={wrong('header')}
      />
      {draft.header === 'TEXT' && (
        <TextInput
          label={t('field.headerText')}
          description={t('field.headerTextHint')}
          required
          maxLength={MAX.header}
          value={draft.headerText}
          onChange={(event) => change({ headerText: event.currentTarget.value })}
          error={wrong('headerText')}
          rightSectionWidth={64}
          rightSection={
            <Text size="xs" c="var(--quiet)">
              {count(draft.headerText.length)}/{count(MAX.header)}
            </Text>
          }
        />
      )}
      {draft.header === 'TEXT' && namesIn(draft.headerText).length > 0 && (
        <TextInput
          label={t('field.sampleOf', { name: `{{${namesIn(draft.headerText)[0]}}}` })}
          required
          maxLength={MAX.header}
          maw={320}
          value={draft.headerSample}
          onChange={(event) => change({ headerSample: event.currentTarget.value })}
          error={wrong('headerSample')}
        />
      )}
      {isFile(draft.header) && (
        <TextInput
          label={t('field.handle')}
          description={t('field.handleHint')}
          required
          dir="ltr"
          maxLength={2000}
          value={draft.headerHandle}
          onChange={(event) => change({ headerHandle: event.currentTarget.value.trim() })}
          error={wrong('headerHandle')}
        />
      )}
    </Stack>
  );
}
