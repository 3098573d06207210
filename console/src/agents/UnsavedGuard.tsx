import { Button, Group, Modal, Text } from '@mantine/core';
import { useBlocker } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';

const tabOf = (search: object) => (search as { tab?: string }).tab;

/** Asks before a page is left whose changes are not saved. */
export function UnsavedGuard({
  isDirty,
  evenTabs = false,
}: {
  isDirty: boolean;
  /** Whether the changes are lost when another tab of the page is opened. */
  evenTabs?: boolean;
}) {
  const { t } = useTranslation('agents');
  const blocker = useBlocker({
    shouldBlockFn: ({ current, next }) =>
      isDirty && (current.pathname !== next.pathname || (evenTabs && tabOf(current.search) !== tabOf(next.search))),
    enableBeforeUnload: isDirty,
    withResolver: true,
  });
  if (blocker.status !== 'blocked') return null;
  return (
    <Modal opened onClose={blocker.reset} title={t('unsaved.title')} centered>
      <Text>{t('unsaved.text')}</Text>
      <Group justify="flex-end" mt="lg">
        <Button variant="default" onClick={blocker.proceed}>
          {t('unsaved.leave')}
        </Button>
        <Button onClick={blocker.reset} data-autofocus>
          {t('unsaved.stay')}
        </Button>
      </Group>
    </Modal>
  );
}
