import { CloseButton, Group, Progress, Text } from '@mantine/core';
import { Link, useNavigate, useRouterState } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';

import { useMay } from '~/session';
import { doneSteps, isFresh, nextStep, STEPS } from './progress';
import classes from './SetupHint.module.css';
import { hideHint, isHintHidden, wasSkipped } from './skipped';
import { useLiveSetup } from './useLiveSetup';

/**
 * For the frame: tells an admin how far the first steps have got, until they are done or the hint is closed. Where nothing
 * was begun yet, the inbox leads to them.
 */
export function SetupHint() {
  const { t } = useTranslation(['setup', 'parts']);
  const isAdmin = useMay();
  const [hidden, setHidden] = useState(isHintHidden);
  const { data: setup } = useLiveSetup(isAdmin && !hidden);
  const path = useRouterState({ select: (state) => state.location.pathname });
  const navigate = useNavigate();

  const leadThere = isAdmin && setup !== undefined && isFresh(setup) && path === '/inbox' && !wasSkipped();
  useEffect(() => {
    if (leadThere) void navigate({ to: '/setup', replace: true });
  }, [leadThere, navigate]);

  if (!isAdmin || hidden || !setup || nextStep(setup) === null || path === '/setup') return null;
  const done = doneSteps(setup);
  return (
    <div className={classes.hint}>
      <Group justify="space-between" wrap="nowrap" gap={4}>
        <Text component={Link} to="/setup" size="sm" fw={600} className={classes.link}>
          {t('hint.title')}
        </Text>
        <CloseButton
          size="sm"
          aria-label={t('hint.hide')}
          className={classes.close}
          onClick={() => {
            hideHint();
            setHidden(true);
          }}
        />
      </Group>
      <Text size="xs" c="var(--quiet)" mb={6}>
        {t('progress', { done, count: STEPS.length })}
      </Text>
      <Progress value={(100 * done) / STEPS.length} size="sm" aria-label={t('title')} />
    </div>
  );
}
