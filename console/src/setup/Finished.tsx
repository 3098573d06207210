import { Group, Text, Title } from '@mantine/core';
import { IconConfetti } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';

import { AnchorLink, ButtonLink } from '~/parts/links';
import type { Setup } from './queries';
import classes from './Finished.module.css';

/** The end of the first steps, and where to go from here. */
export function Finished({ setup }: { setup: Setup }) {
  const { t } = useTranslation('setup');
  return (
    <section className={classes.finished} aria-labelledby="finished">
      <span className={classes.icon}>
        <IconConfetti size={34} aria-hidden />
      </span>
      <Title order={2} id="finished">
        {t('finished.title')}
      </Title>
      <Text maw={520}>{t('finished.text')}</Text>
      <ButtonLink to="/inbox" size="md" mt="sm" variant="white" color="dark">
        {t('finished.inbox')}
      </ButtonLink>
      <Group gap="lg" justify="center" mt="xs">
        <AnchorLink to="/members" c="inherit" underline="always" size="sm">
          {t('finished.members')}
        </AnchorLink>
        {setup.agent && (
          <AnchorLink
            to="/agents/$agentId"
            params={{ agentId: setup.agent.id }}
            c="inherit"
            underline="always"
            size="sm"
          >
            {t('finished.agent')}
          </AnchorLink>
        )}
        <AnchorLink to="/templates" c="inherit" underline="always" size="sm">
          {t('finished.templates')}
        </AnchorLink>
      </Group>
    </section>
  );
}
