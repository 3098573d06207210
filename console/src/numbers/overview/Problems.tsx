import { Anchor, Stack, Text } from '@mantine/core';
import { IconAlertTriangle, IconExternalLink } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';

import type { Schemas } from '~/api/client';
import { AnchorLink } from '~/parts/links';
import { useMay } from '~/session';
import { CheckButton } from '../CheckButton';
import { SubscribeButton } from '../meta/SubscribeButton';
import { fixOf, WHATSAPP_MANAGER } from '../problems';
import classes from './Problems.module.css';
import { TokenButton } from './TokenButton';

/** Each problem of a number: its name, Meta's or our sentence, and what mends it. */
export function Problems({ number }: { number: Schemas['Number'] }) {
  const { t, i18n } = useTranslation('numbers');
  const problems = number.health.problems;
  if (problems.length === 0) return null;
  return (
    <ul className={classes.problems}>
      {problems.map(({ code, message }) => (
        <li key={`${code}${message}`} className={classes.problem}>
          <IconAlertTriangle size={18} aria-hidden />
          <Stack gap={6} align="flex-start">
            <Text fw={600} component="h3" size="sm">
              {i18n.exists(`numbers:problem.${code}`) ? t(`problem.${code as 'payment'}`) : code}
            </Text>
            <Text size="sm">{message}</Text>
            <Remedy number={number} code={code} />
          </Stack>
        </li>
      ))}
    </ul>
  );
}

/** A way out of a problem, for whoever may go it. */
function Remedy({ number, code }: { number: Schemas['Number']; code: string }) {
  const { t } = useTranslation('numbers');
  const isAdmin = useMay();
  const fix = fixOf(code);
  if (fix === 'manager') {
    return (
      <Anchor href={WHATSAPP_MANAGER} target="_blank" rel="noreferrer" size="sm" className={classes.away}>
        {t('fix.manager')}
        <IconExternalLink size={14} aria-hidden />
      </Anchor>
    );
  }
  if (fix === 'templates') {
    return (
      <AnchorLink to="/templates" size="sm">
        {t('fix.templates')}
      </AnchorLink>
    );
  }
  if (!isAdmin) return null;
  if (fix === 'token') return <TokenButton id={number.id} size="xs" />;
  if (fix === 'subscribe') return <SubscribeButton id={number.id} size="xs" />;
  if (fix === 'check') return <CheckButton id={number.id} size="xs" />;
  if (fix === 'register' || fix === 'settings') {
    return (
      <AnchorLink
        to="/numbers/$numberId"
        params={{ numberId: number.id }}
        search={{ tab: fix === 'register' ? 'meta' : 'settings' }}
        size="sm"
      >
        {t(`fix.${fix}`)}
      </AnchorLink>
    );
  }
  return null;
}
