import { Badge, Code, Table, Text, VisuallyHidden } from '@mantine/core';
import { useTranslation } from 'react-i18next';

import { Copy } from '~/parts/Copy';
import type { Section, Setting } from './queries';
import classes from './SettingsTable.module.css';

const COLUMNS = 4;

/** Settings section by section: name, value, where it came from, and the variable that changes it. */
export function SettingsTable({ sections }: { sections: Section[] }) {
  const { t } = useTranslation('settings');
  return (
    <Table.ScrollContainer minWidth={640} scrollAreaProps={{ viewportProps: { tabIndex: 0 } }}>
      <Table layout="fixed" aria-label={t('instance.title')} verticalSpacing={6}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th w="30%">{t('setting.name')}</Table.Th>
            <Table.Th>{t('setting.value')}</Table.Th>
            <Table.Th w={120}>{t('setting.from')}</Table.Th>
            <Table.Th w={56}>
              <VisuallyHidden>{t('setting.environment')}</VisuallyHidden>
            </Table.Th>
          </Table.Tr>
        </Table.Thead>
        {sections.map((section) => (
          <Table.Tbody key={section.name}>
            <Table.Tr className={classes.section}>
              <Table.Th colSpan={COLUMNS} scope="rowgroup">
                {section.name}
              </Table.Th>
            </Table.Tr>
            {section.settings.map((setting) => (
              <Row key={setting.name} setting={setting} />
            ))}
          </Table.Tbody>
        ))}
      </Table>
    </Table.ScrollContainer>
  );
}

function Row({ setting }: { setting: Setting }) {
  const { t } = useTranslation('settings');
  return (
    <Table.Tr>
      <Table.Td>
        <Code title={setting.environment ?? undefined}>{setting.name}</Code>
      </Table.Td>
      <Table.Td className={classes.value}>
        <Value setting={setting} />
      </Table.Td>
      <Table.Td>
        {setting.is_default ? (
          <Text size="sm" c="var(--quiet)">
            {t('setting.default')}
          </Text>
        ) : (
          <Badge variant="default" size="sm">
            {t('setting.set')}
          </Badge>
        )}
      </Table.Td>
      <Table.Td ta="end">
        {setting.environment && <Copy value={setting.environment} />}
      </Table.Td>
    </Table.Tr>
  );
}

function Value({ setting }: { setting: Setting }) {
  const { t } = useTranslation(['settings', 'parts']);
  const quiet = (words: string) => (
    <Text size="sm" c="var(--quiet)">
      {words}
    </Text>
  );
  if (setting.is_secret) return quiet(setting.set ? t('setting.secretSet') : t('setting.unset'));
  if (setting.value === null || setting.value === undefined) return quiet(t('setting.unset'));
  if (typeof setting.value === 'boolean') return setting.value ? t('parts:yes') : t('parts:no');
  return <Code>{String(setting.value)}</Code>;
}
