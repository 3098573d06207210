import { Group, Paper, type PaperProps, Title } from '@mantine/core';
import type { ReactNode } from 'react';

/** One subject on a page. */
export function Panel({
  title,
  actions,
  children,
  ...rest
}: PaperProps & { title?: ReactNode; actions?: ReactNode; children: ReactNode }) {
  return (
    <Paper withBorder radius="lg" p="lg" bg="var(--panel)" {...rest}>
      {(title || actions) && (
        <Group justify="space-between" mb="md">
          {title && (
            <Title order={2} size="h4">
              {title}
            </Title>
          )}
          {actions && <Group gap="xs">{actions}</Group>}
        </Group>
      )}
      {children}
    </Paper>
  );
}
