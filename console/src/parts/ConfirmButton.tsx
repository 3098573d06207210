import { Button, type ButtonProps, Group, Modal, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';

import { Failure } from './Failure';

/** Asks before it does what cannot be taken back, and shows why it could not be done. */
export function ConfirmButton({
  title,
  question,
  confirm,
  action,
  children,
  disabled,
  ...rest
}: ButtonProps & {
  title: string;
  question: ReactNode;
  /** What the confirming button says. */
  confirm: string;
  action: () => Promise<unknown>;
  children: ReactNode;
}) {
  const { t } = useTranslation('parts');
  const [opened, { open, close }] = useDisclosure();
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);

  const act = async () => {
    setBusy(true);
    setError(null);
    try {
      await action();
      close();
    } catch (thrown) {
      setError(thrown);
    } finally {
      setBusy(false);
    }
  };

  return (
    <>
      <Button variant="default" onClick={open} disabled={disabled} {...rest}>
        {children}
      </Button>
      <Modal opened={opened} onClose={close} title={title} centered>
        <Text component="div">{question}</Text>
        <Failure error={error} />
        <Group justify="flex-end" mt="lg">
          <Button variant="default" onClick={close} data-autofocus>
            {t('cancel')}
          </Button>
          <Button color="red" onClick={act} loading={busy}>
            {confirm}
          </Button>
        </Group>
      </Modal>
    </>
  );
}
