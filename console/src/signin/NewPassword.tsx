import { PasswordInput, type PasswordInputProps } from '@mantine/core';
import { useTranslation } from 'react-i18next';

import { MAX_PASSWORD, MIN_PASSWORD } from './password';

/** A new password, twice. */
export function NewPassword({ first, again, size }: { first: PasswordInputProps; again: PasswordInputProps; size?: 'md' }) {
  const { t } = useTranslation('signin');
  return (
    <>
      <PasswordInput
        label={t('newPassword')}
        description={t('passwordRule', { min: MIN_PASSWORD })}
        autoComplete="new-password"
        maxLength={MAX_PASSWORD}
        required
        size={size}
        {...first}
      />
      <PasswordInput
        label={t('passwordAgain')}
        autoComplete="new-password"
        maxLength={MAX_PASSWORD}
        required
        size={size}
        {...again}
      />
    </>
  );
}
