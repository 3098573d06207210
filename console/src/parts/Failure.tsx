import { Alert, List } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { IconAlertTriangle } from '@tabler/icons-react';
import i18next from 'i18next';
import { useTranslation } from 'react-i18next';

import { problemOf } from '../api/client';

/** What went wrong, in the API's own sentence: it says what to do. */
export function Failure({ error }: { error: unknown }) {
  const { t } = useTranslation('parts');
  if (!error) return null;
  const problem = problemOf(error);
  return (
    <Alert
      color="red"
      role="alert"
      icon={<IconAlertTriangle size={18} />}
      title={problem.title ?? t('refused')}
      my="sm"
    >
      {problem.detail ?? t('unreachable')}
      {problem.errors && problem.errors.length > 0 && (
        <List size="sm" mt="xs">
          {problem.errors.map((field) => (
            <List.Item key={field.field}>
              <b>{field.field}</b> {field.message}
            </List.Item>
          ))}
        </List>
      )}
    </Alert>
  );
}

/** The same as a note in the corner, for what was done in passing. */
export function notifyFailure(error: unknown) {
  const problem = problemOf(error);
  const fields = problem.errors?.map((field) => `${field.field} ${field.message}`).join('; ');
  notifications.show({
    color: 'red',
    title: problem.title ?? i18next.t('parts:refused'),
    message: [problem.detail ?? i18next.t('parts:unreachable'), fields].filter(Boolean).join(' '),
    autoClose: 8000,
  });
}

export function notifyDone(message: string) {
  notifications.show({ color: 'line', message, autoClose: 3000 });
}
