import { Button, Group, Stack, Text, Timeline } from '@mantine/core';
import { IconBellOff, IconCheck } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { $api, type Schemas } from '~/api/client';
import { Failure } from '~/parts/Failure';
import { paged } from '~/parts/PagedTable';
import { Panel } from '~/parts/Panel';
import { Ago } from '~/parts/time';
import { useMay } from '~/session';
import { useColleagueNames } from './queries';
import { NoteConsent } from './NoteConsent';
import { Standing } from './Standing';

/** What they allowed and forbade, and how that is known. */
export function ConsentPanel({ contact }: { contact: Schemas['Contact'] }) {
  const { t } = useTranslation(['contacts', 'parts']);
  const mayChange = useMay('operator');
  const [noting, setNoting] = useState(false);
  const history = $api.useInfiniteQuery(
    'get',
    '/api/v1/contacts/{contact_id}/consents',
    { params: { path: { contact_id: contact.id }, query: { limit: 20 } } },
    paged,
  );
  const consents = history.data?.pages.flatMap((page) => page.items) ?? [];

  return (
    <Panel
      title={t('consent.title')}
      actions={
        <Button
          size="xs"
          variant="default"
          disabled={!mayChange}
          title={mayChange ? undefined : t('parts:notAllowed')}
          onClick={() => setNoting(true)}
        >
          {t('consent.note')}
        </Button>
      }
    >
      <Stack gap="md">
        {consents.length === 0 && <Standing contact={contact} unknown />}
        <Failure error={history.error} />
        {consents.length > 0 && (
          <Timeline bulletSize={24} lineWidth={2} aria-label={t('consent.history')}>
            {consents.map((consent) => (
              <Timeline.Item
                key={consent.id}
                bullet={consent.state === 'opted_in' ? <IconCheck size={14} /> : <IconBellOff size={14} />}
                color={consent.state === 'opted_in' ? 'line' : 'orange'}
              >
                <Said consent={consent} />
              </Timeline.Item>
            ))}
          </Timeline>
        )}
        {history.hasNextPage && (
          <Button
            size="xs"
            variant="default"
            loading={history.isFetchingNextPage}
            onClick={() => history.fetchNextPage()}
          >
            {t('parts:more')}
          </Button>
        )}
      </Stack>
      {noting && <NoteConsent contact={contact} onClose={() => setNoting(false)} />}
    </Panel>
  );
}

function Said({ consent }: { consent: Schemas['Consent'] }) {
  const { t } = useTranslation('contacts');
  const names = useColleagueNames();
  const who = consent.key_id ? names.get(consent.key_id) : undefined;
  return (
    <>
      <Text size="sm" fw={600}>
        {t(`consent.${consent.scope}.${consent.state}`)}
      </Text>
      <Group gap={6}>
        <Text size="sm" c="var(--quiet)">
          {consent.source === 'operator' && who ? t('consent.source.by', { who }) : t(`consent.source.${consent.source}`)}
        </Text>
        <Ago at={consent.at} size="sm" c="var(--quiet)" />
      </Group>
      {consent.evidence && (
        <Text size="sm" data-words>
          “{consent.evidence}”
        </Text>
      )}
    </>
  );
}
