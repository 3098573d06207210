import { Group, Skeleton, Stack, Switch, Text, TextInput } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { FactList } from '~/parts/FactList';
import { Failure } from '~/parts/Failure';
import { Nothing } from '~/parts/Nothing';
import { Panel } from '~/parts/Panel';
import { useInstanceSettings } from './queries';
import { found } from './found';
import { SettingsTable } from './SettingsTable';

/** The settings that the gateway runs with, to be read and not to be changed here. */
export function InstancePanel() {
  const { t } = useTranslation(['settings', 'parts']);
  const { data, error } = useInstanceSettings();
  const [word, setWord] = useState('');
  const [onlySet, setOnlySet] = useState(false);
  const sections = found(data?.sections ?? [], word, onlySet);
  return (
    <Panel title={t('instance.title')}>
      <Stack>
        <Text size="sm" c="var(--quiet)">
          {t('instance.text')}
        </Text>
        <Failure error={error} />
        {!data && !error && <Skeleton h={280} aria-hidden />}
        {data && (
          <>
            <FactList
              facts={[
                { name: t('instance.version'), value: data.version },
                { name: t('instance.database'), value: t(`instance.${data.database}`) },
              ]}
            />
            <Group role="search" aria-label={t('instance.find')}>
              <TextInput
                aria-label={t('instance.find')}
                placeholder={t('instance.find')}
                leftSection={<IconSearch size={16} />}
                w={280}
                value={word}
                onChange={(event) => setWord(event.currentTarget.value)}
              />
              <Switch
                label={t('instance.onlySet')}
                checked={onlySet}
                onChange={(event) => setOnlySet(event.currentTarget.checked)}
              />
            </Group>
            {sections.length === 0 && <Nothing title={t('instance.nothing')} text={t('instance.nothingText')} />}
            {sections.length > 0 && <SettingsTable sections={sections} />}
          </>
        )}
      </Stack>
    </Panel>
  );
}
