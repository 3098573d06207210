import { ActionIcon, Button, Code, CopyButton, Group, Tooltip } from '@mantine/core';
import { IconCheck, IconCopy } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';

/** A button that copies, and says that it did. */
export function Copy({ value, label }: { value: string; label?: string }) {
  const { t } = useTranslation('parts');
  return (
    <CopyButton value={value}>
      {({ copied, copy }) =>
        label ? (
          <Button
            size="xs"
            variant="default"
            onClick={copy}
            leftSection={copied ? <IconCheck size={16} /> : <IconCopy size={16} />}
          >
            {copied ? t('copied') : label}
          </Button>
        ) : (
          <Tooltip label={copied ? t('copied') : t('copy')}>
            <ActionIcon variant="subtle" color={copied ? 'line' : 'gray'} onClick={copy} aria-label={t('copy')}>
              {copied ? <IconCheck size={16} /> : <IconCopy size={16} />}
            </ActionIcon>
          </Tooltip>
        )
      }
    </CopyButton>
  );
}

/** Something to be pasted elsewhere: an id, an address, a token. */
export function Copyable({ value }: { value: string }) {
  return (
    <Group gap={4} wrap="nowrap" style={{ minWidth: 0 }}>
      <Code style={{ overflowWrap: 'anywhere' }}>{value}</Code>
      <Copy value={value} />
    </Group>
  );
}
