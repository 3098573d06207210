import { Code, Text, UnstyledButton } from '@mantine/core';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { AnchorLink } from '~/parts/links';
import { Page } from '~/parts/Page';
import { PagedTable } from '~/parts/PagedTable';
import { Panel } from '~/parts/Panel';
import { Ago } from '~/parts/time';
import classes from './AuditPage.module.css';
import { type AuditEntry, useAudit } from './queries';
import { Details } from './Details';
import { Filters } from './Filters';
import type { AuditSearch } from './search';
import { dayStart, placeOf } from './subject';
import { useActionWords } from './useActionWords';

export function AuditPage() {
  const { t } = useTranslation('audit');
  const navigate = useNavigate();
  const search = useSearch({ from: '/inside/audit' });
  const actionWords = useActionWords();
  const [shown, setShown] = useState<AuditEntry | null>(null);
  const entries = useAudit({
    actor: search.actor,
    action: search.action,
    subject: search.subject,
    from: dayStart(search.from),
    to: dayStart(search.to, 1),
  });
  const filter = (changes: AuditSearch) =>
    void navigate({ to: '/audit', search: { ...search, ...changes }, replace: true });
  const isFiltered = Object.values(search).some(Boolean);

  return (
    <Page title={t('title')} lead={t('lead')}>
      <Filters search={search} onChange={filter} onClear={() => void navigate({ to: '/audit', replace: true })} />
      <Panel p={0}>
        <PagedTable
          label={t('title')}
          query={entries}
          empty={{
            title: t(isFiltered ? 'empty.filtered' : 'empty.title'),
            text: t(isFiltered ? 'empty.filteredText' : 'empty.text'),
          }}
          columns={[
            { head: t('when'), width: 150, cell: (entry) => <Ago at={entry.at} size="sm" /> },
            {
              head: t('who'),
              width: 190,
              cell: (entry) => (
                <Text size="sm" className={classes.name}>
                  <bdi>{entry.actor_name ?? t('nobody')}</bdi>
                </Text>
              ),
            },
            {
              head: t('what'),
              cell: (entry) => (
                <>
                  <UnstyledButton className={classes.action} onClick={() => setShown(entry)} aria-haspopup="dialog">
                    {actionWords(entry)}
                  </UnstyledButton>
                  {entry.fields.length > 0 && (
                    <Text size="xs" c="var(--quiet)">
                      {t('fieldsAre', { fields: entry.fields.join(', ') })}
                    </Text>
                  )}
                </>
              ),
            },
            { head: t('subject'), cell: (entry) => <Subject id={entry.subject} />, wideOnly: true },
            {
              head: t('address'),
              width: 140,
              cell: (entry) => <Code>{entry.address}</Code>,
              wideOnly: true,
            },
          ]}
        />
      </Panel>
      {shown && <Details entry={shown} onClose={() => setShown(null)} />}
    </Page>
  );
}

/** What was changed, as a way to it. */
export function Subject({ id }: { id: string | null | undefined }) {
  if (!id) return null;
  const place = placeOf(id);
  if (!place) return <Code>{id}</Code>;
  return (
    <AnchorLink to={place.to} params={place.params as never} size="sm" ff="monospace" className={classes.id}>
      {id}
    </AnchorLink>
  );
}
