import { Button, Group, PasswordInput, Text } from '@mantine/core';
import { IconCircleCheck, IconCircleDashed, IconTrash } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

import classes from './SecretField.module.css';

/** What is written and never read back: shown as set or not, to be replaced or removed. */
export function SecretField({
  label,
  description,
  isSet,
  mayChange,
  value,
  error,
  onChange,
}: {
  label: string;
  description: string;
  isSet: boolean;
  mayChange: boolean;
  /** `undefined` keeps what is there, `null` takes it away. */
  value?: string | null;
  error?: ReactNode;
  onChange: (value: string | null | undefined) => void;
}) {
  const { t } = useTranslation(['numbers', 'parts']);
  if (typeof value === 'string') {
    return (
      <Group align="flex-end" gap="xs" wrap="nowrap">
        <PasswordInput
          className={classes.input}
          label={label}
          description={description}
          autoComplete="off"
          autoFocus
          value={value}
          error={error}
          onChange={(event) => onChange(event.currentTarget.value)}
        />
        <Button variant="default" onClick={() => onChange(undefined)}>
          {t('parts:cancel')}
        </Button>
      </Group>
    );
  }
  const removed = value === null;
  return (
    <div className={classes.field}>
      <div>
        <Text size="sm" fw={500}>
          {label}
        </Text>
        <Text size="xs" c="var(--quiet)">
          {description}
        </Text>
        <span className={classes.state} data-set={isSet && !removed}>
          {removed ? (
            <IconTrash size={16} aria-hidden />
          ) : isSet ? (
            <IconCircleCheck size={16} aria-hidden />
          ) : (
            <IconCircleDashed size={16} aria-hidden />
          )}
          {removed ? t('secrets.removed') : isSet ? t('secrets.set') : t('secrets.unset')}
        </span>
      </div>
      {mayChange && (
        <Group gap="xs" wrap="nowrap">
          {removed ? (
            <Button variant="default" size="xs" onClick={() => onChange(undefined)}>
              {t('parts:cancel')}
            </Button>
          ) : (
            <>
              <Button
                variant="default"
                size="xs"
                onClick={() => onChange('')}
                aria-label={t(isSet ? 'secrets.replaceThis' : 'secrets.setThis', { what: label })}
              >
                {isSet ? t('secrets.replace') : t('secrets.give')}
              </Button>
              {isSet && (
                <Button
                  variant="subtle"
                  color="gray"
                  size="xs"
                  onClick={() => onChange(null)}
                  aria-label={t('secrets.removeThis', { what: label })}
                >
                  {t('parts:remove')}
                </Button>
              )}
            </>
          )}
        </Group>
      )}
    </div>
  );
}
