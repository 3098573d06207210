import { Stack, Text, Title } from '@mantine/core';
import type { ReactNode } from 'react';

/** A place where nothing is yet: what belongs here and how it comes. */
export function Nothing({ title, text, action }: { title: string; text: ReactNode; action?: ReactNode }) {
  return (
    <Stack align="center" py={56} gap="xs" ta="center">
      <Title order={3} size="h4">
        {title}
      </Title>
      <Text c="var(--quiet)" maw={460}>
        {text}
      </Text>
      {action}
    </Stack>
  );
}
