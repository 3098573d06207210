import { Button, Group, List, Text } from '@mantine/core';
import { IconHandStop } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';

import type { Schemas } from '~/api/client';
import { Panel } from '~/parts/Panel';
import { useMay } from '~/session';
import { CheckButton } from '../CheckButton';
import { WHATSAPP_MANAGER } from '../problems';
import classes from './HeldPanel.module.css';
import { HeldSends } from './HeldSends';
import { Problems } from './Problems';
import { TokenButton } from './TokenButton';

/** The number's sends wait because Meta refuses its credentials: what waits, and how it is mended. */
export function HeldPanel({ number }: { number: Schemas['Number'] }) {
  const { t } = useTranslation(['numbers', 'parts']);
  const isAdmin = useMay();
  return (
    <Panel
      className={classes.held}
      title={
        <Group gap="xs" component="span" wrap="nowrap">
          <IconHandStop size={22} aria-hidden className={classes.hand} />
          {t('held.title')}
        </Group>
      }
    >
      <Text mb="sm">{number.health.message}</Text>
      <Text fw={600} component="h3" size="sm" mb={4}>
        {t('held.mend')}
      </Text>
      <List type="ordered" size="sm" spacing={4} mb="md">
        <List.Item>{t('held.make')}</List.Item>
        <List.Item>{t('held.set')}</List.Item>
        <List.Item>{t('held.goes')}</List.Item>
      </List>
      {isAdmin ? (
        <Group gap="sm">
          <TokenButton id={number.id} />
          <CheckButton id={number.id} />
          <Button component="a" variant="subtle" href={WHATSAPP_MANAGER} target="_blank" rel="noreferrer">
            {t('fix.manager')}
          </Button>
        </Group>
      ) : (
        <Text size="sm" c="var(--quiet)">
          {t('askAdmin')}
        </Text>
      )}
      <HeldSends numberId={number.id} />
      {number.health.problems.length > 0 && (
        <div className={classes.more}>
          <Problems number={number} />
        </div>
      )}
    </Panel>
  );
}
