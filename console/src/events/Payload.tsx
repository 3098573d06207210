import { Alert, Group, SegmentedControl, Title } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { Copy } from '~/parts/Copy';
import { JsonTree } from '~/parts/JsonTree';
import classes from './events.module.css';

const LONG = 200_000;

/** The body: folded and readable, or byte for byte as it came. */
export function Payload({ body, value }: { body: string; value: unknown }) {
  const { t } = useTranslation('events');
  const [as, setAs] = useState('tree');
  const readable = value !== undefined;
  return (
    <section>
      <Group justify="space-between" mb="sm">
        <Title order={3} size="h5">
          {t('payload.title')}
        </Title>
        <Group gap="xs">
          {readable && (
            <SegmentedControl
              size="xs"
              aria-label={t('payload.as')}
              value={as}
              onChange={setAs}
              data={[
                { value: 'tree', label: t('payload.tree') },
                { value: 'raw', label: t('payload.raw') },
              ]}
            />
          )}
          <Copy value={body} label={t('payload.copy')} />
        </Group>
      </Group>
      {!readable && (
        <Alert color="orange" mb="sm">
          {t('payload.noJson')}
        </Alert>
      )}
      {readable && as === 'tree' ? (
        <JsonTree value={value} label={t('payload.title')} depth={body.length < 6000 ? 12 : 6} />
      ) : (
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls can be reached by key
        <pre className={classes.raw} tabIndex={0} aria-label={t('payload.title')} role="region">
          {body.length > LONG ? `${body.slice(0, LONG)}…` : body}
        </pre>
      )}
    </section>
  );
}
