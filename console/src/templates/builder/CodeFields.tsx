import { NumberInput, Stack, Switch, Text, TextInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';

import type { FieldProps } from './fields';
import { MAX } from './rules';

/** What can be chosen of an authentication template: Meta writes its words. */
export function CodeFields({ draft, change, wrong }: FieldProps) {
  const { t } = useTranslation('templates');
  return (
    <Stack>
      <Text size="sm" c="var(--quiet)">
        {t('code.about')}
      </Text>
      <Switch
        label={t('code.addSecurity')}
        checked={draft.security}
        onChange={(event) => change({ security: event.currentTarget.checked })}
      />
      <NumberInput
        label={t('code.expiresIn')}
        description={t('code.expiresHint')}
        min={1}
        max={90}
        allowDecimal={false}
        maw={320}
        value={draft.expires ?? ''}
        onChange={(minutes) => change({ expires: minutes === '' ? null : Number(minutes) })}
        error={wrong('expires')}
      />
      <TextInput
        label={t('code.label')}
        placeholder={t('label.OTP')}
        maxLength={MAX.label}
        maw={320}
        value={draft.codeLabel}
        onChange={(event) => change({ codeLabel: event.currentTarget.value })}
      />
    </Stack>
  );
}
