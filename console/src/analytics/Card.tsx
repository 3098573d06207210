import { ActionIcon, Collapse, Group, Text, Title, Tooltip } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconFileTypeCsv, IconTable } from '@tabler/icons-react';
import { type ReactNode, useId } from 'react';
import { useTranslation } from 'react-i18next';

import { Panel } from '~/parts/Panel';
import { saveSheet } from './saveSheets';
import { SheetTable } from './SheetTable';
import type { Sheet } from './sheets';
import classes from './analytics.module.css';

/** One figure: what it tells, a picture of it, and on demand its numbers or a file of them. */
export function Card({
  sheet,
  says,
  isTable = false,
  children,
}: {
  sheet: Sheet;
  /** What it tells, in a sentence. */
  says?: string;
  /** What is shown is a table already. */
  isTable?: boolean;
  children: ReactNode;
}) {
  const { t } = useTranslation('analytics');
  const [opened, { toggle }] = useDisclosure();
  const id = useId();
  const { title } = sheet;
  return (
    <Panel h="100%" className={classes.card}>
      <Group justify="space-between" align="flex-start" wrap="nowrap" gap="xs" mb={2}>
        <Title order={2} size="h4">
          {title}
        </Title>
        <Group gap={2} wrap="nowrap" mt={-3}>
          {!isTable && (
            <Tooltip label={t('table.of', { title })}>
              <ActionIcon
                variant={opened ? 'light' : 'subtle'}
                color="gray"
                size={30}
                aria-label={t('table.of', { title })}
                aria-expanded={opened}
                aria-controls={id}
                onClick={toggle}
              >
                <IconTable size={18} />
              </ActionIcon>
            </Tooltip>
          )}
          <Tooltip label={t('csv.of', { title })}>
            <ActionIcon
              variant="subtle"
              color="gray"
              size={30}
              aria-label={t('csv.of', { title })}
              onClick={() => saveSheet(sheet)}
            >
              <IconFileTypeCsv size={18} />
            </ActionIcon>
          </Tooltip>
        </Group>
      </Group>
      {says && (
        <Text size="sm" c="var(--quiet)" mb="md">
          {says}
        </Text>
      )}
      {children}
      {!isTable && (
        <Collapse expanded={opened} id={id}>
          <Group mt="md" className={classes.numbers}>
            {opened && <SheetTable sheet={sheet} />}
          </Group>
        </Collapse>
      )}
    </Panel>
  );
}
