import { Button, Group, Modal, Text } from '@mantine/core';
import { useBlocker } from '@tanstack/react-router';

const tabOf = (search: object) => (search as { tab?: string }).tab;

/** Asks before a place is left whose changes would be lost. */
export function LeaveGuard({
  isDirty,
  evenTabs = false,
  words,
}: {
  isDirty: boolean;
  /** Whether the changes are lost when another tab of the page is opened. */
  evenTabs?: boolean;
  words: { title: string; text: string; leave: string; stay: string };
}) {
  const blocker = useBlocker({
    shouldBlockFn: ({ current, next }) =>
      isDirty && (current.pathname !== next.pathname || (evenTabs && tabOf(current.search) !== tabOf(next.search))),
    enableBeforeUnload: isDirty,
    withResolver: true,
  });
  if (blocker.status !== 'blocked') return null;
  return (
    <Modal opened onClose={blocker.reset} title={words.title} centered>
      <Text>{words.text}</Text>
      <Group justify="flex-end" mt="lg">
        <Button variant="default" onClick={blocker.proceed}>
          {words.leave}
        </Button>
        <Button onClick={blocker.reset} data-autofocus>
          {words.stay}
        </Button>
      </Group>
    </Modal>
  );
}
