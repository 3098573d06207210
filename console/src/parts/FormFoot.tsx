import { Button, Group } from '@mantine/core';
import { useTranslation } from 'react-i18next';

import { Failure } from './Failure';

/** The end of a form in a dialog: what went wrong, and the two ways out. */
export function FormFoot({
  error,
  isSending,
  submit,
  onCancel,
}: {
  error: unknown;
  isSending: boolean;
  /** What the form does. */
  submit: string;
  onCancel: () => void;
}) {
  const { t } = useTranslation('parts');
  return (
    <>
      <Failure error={error} />
      <Group justify="flex-end">
        <Button variant="default" onClick={onCancel}>
          {t('cancel')}
        </Button>
        <Button type="submit" loading={isSending}>
          {submit}
        </Button>
      </Group>
    </>
  );
}
