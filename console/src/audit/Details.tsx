import { Code, Drawer, Group, Stack } from '@mantine/core';
import { useTranslation } from 'react-i18next';

import { Copyable } from '~/parts/Copy';
import { type Fact, FactList } from '~/parts/FactList';
import { AnchorLink } from '~/parts/links';
import { dateTime } from '~/parts/time';
import { Subject } from './AuditPage';
import type { AuditEntry } from './queries';
import { useActionWords } from './useActionWords';

/** All that is kept of one thing that was done. */
export function Details({ entry, onClose }: { entry: AuditEntry; onClose: () => void }) {
  const { t } = useTranslation(['audit', 'parts']);
  const words = useActionWords();
  const facts: Fact[] = [
    { name: t('when'), value: <time dateTime={entry.at}>{dateTime(entry.at)}</time> },
    { name: t('who'), value: <bdi>{entry.actor_name ?? t('nobody')}</bdi> },
    { name: t('details.id'), value: entry.actor && <Copyable value={entry.actor} /> },
    { name: t('subject'), value: entry.subject && <Subject id={entry.subject} /> },
    { name: t('details.fields'), value: entry.fields.length > 0 && <FieldNames fields={entry.fields} /> },
    { name: t('details.operation'), value: <Code>{entry.action}</Code> },
    { name: t('details.path'), value: <Code style={{ overflowWrap: 'anywhere' }}>{entry.path}</Code> },
    { name: t('details.status'), value: entry.status },
    { name: t('address'), value: entry.address && <Copyable value={entry.address} /> },
  ];
  return (
    <Drawer opened onClose={onClose} position="right" title={words(entry)}>
      <Stack>
        <FactList facts={facts} />
        {entry.subject && (
          <AnchorLink to="/audit" search={{ subject: entry.subject }} onClick={onClose} size="sm">
            {t('details.same')}
          </AnchorLink>
        )}
        {entry.actor && (
          <AnchorLink to="/audit" search={{ actor: entry.actor }} onClick={onClose} size="sm">
            {t('details.sameActor')}
          </AnchorLink>
        )}
      </Stack>
    </Drawer>
  );
}

function FieldNames({ fields }: { fields: string[] }) {
  return (
    <Group gap={6}>
      {fields.map((field) => (
        <Code key={field}>{field}</Code>
      ))}
    </Group>
  );
}
