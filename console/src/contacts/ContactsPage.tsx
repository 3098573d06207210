import { Anchor, CloseButton, Group, Text, TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { IconSearch } from '@tabler/icons-react';
import { Link, useNavigate } from '@tanstack/react-router';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';

import { $api, type Schemas } from '~/api/client';
import { oneOf, useAddress } from '~/parts/address';
import { Choice } from '~/parts/Choice';
import { useFreshen } from '~/parts/freshen';
import { Page } from '~/parts/Page';
import { paged, PagedTable } from '~/parts/PagedTable';
import { Panel } from '~/parts/Panel';
import { Ago } from '~/parts/time';
import { Face } from './Face';
import { detailOf, nameOf } from './person';
import { Standing } from './Standing';

const CONSENT = ['opted_in', 'opted_out'] as const;
const LIST = ['get', '/api/v1/contacts'];

export function ContactsPage() {
  const { t } = useTranslation(['contacts', 'parts']);
  const navigate = useNavigate();
  const [address, setAddress] = useAddress('q', 'consent', 'blocked');
  const consent = oneOf(CONSENT, address.consent);
  const blocked = oneOf(['true', 'false'], address.blocked);
  const contacts = $api.useInfiniteQuery(
    'get',
    '/api/v1/contacts',
    {
      params: {
        query: { search: address.q, consent, blocked: blocked && blocked === 'true', limit: 50 },
      },
    },
    { ...paged, placeholderData: (before) => before },
  );
  const known = new Set(contacts.data?.pages.flatMap((page) => page.items.map((contact) => contact.id)));
  useFreshen('conversation', LIST, { concerns: ({ conversation }) => !known.has(conversation.contact.id) });
  useFreshen('gone', LIST, { concerns: ({ kind }) => kind === 'contact' });

  const filtered = !!(address.q ?? consent ?? blocked);
  return (
    <Page title={t('title')} lead={t('lead')}>
      <Group mb="md" gap="sm" align="flex-end">
        <Search value={address.q ?? ''} onChange={(q) => setAddress({ q })} />
        <Choice
          label={t('filter.consent')}
          options={CONSENT.map((value) => ({ value, label: t(`consent.all.${value}`) }))}
          value={consent}
          onChange={(chosen) => setAddress({ consent: chosen })}
        />
        <Choice
          label={t('filter.blocked')}
          options={(['true', 'false'] as const).map((value) => ({ value, label: t(`filter.isBlocked.${value}`) }))}
          value={blocked}
          onChange={(chosen) => setAddress({ blocked: chosen })}
        />
      </Group>
      <Panel p={0}>
        <PagedTable
          label={t('title')}
          query={contacts}
          onRow={(contact) => navigate({ to: '/contacts/$contactId', params: { contactId: contact.id } })}
          empty={t(filtered ? 'noneFound' : 'empty', { returnObjects: true })}
          columns={[
            { head: t('person'), cell: (contact) => <Person contact={contact} /> },
            {
              head: t('phone'),
              width: 190,
              cell: (contact) => (
                <Text size="sm" component="bdi">
                  {contact.phone ?? '–'}
                </Text>
              ),
            },
            { head: t('standing'), width: 260, cell: (contact) => <Standing contact={contact} /> },
            { head: t('since'), width: 150, cell: (contact) => <Ago at={contact.created_at} size="sm" />, wideOnly: true },
          ]}
        />
      </Panel>
    </Page>
  );
}

function Search({ value, onChange }: { value: string; onChange: (value: string | undefined) => void }) {
  const { t } = useTranslation(['contacts', 'parts']);
  const [typed, setTyped] = useState(value);
  const told = useRef(value);
  const tell = useDebouncedCallback((text: string) => {
    told.current = text.trim();
    onChange(told.current || undefined);
  }, 250);
  // The address may change without the box, by "back" for instance.
  useEffect(() => {
    if (value !== told.current) setTyped((told.current = value));
  }, [value]);
  const type = (text: string) => {
    setTyped(text);
    tell(text);
  };
  return (
    <TextInput
      type="search"
      label={t('parts:search')}
      placeholder={t('filter.search')}
      w={{ base: '100%', xs: 320 }}
      maxLength={100}
      leftSection={<IconSearch size={16} />}
      rightSection={typed && <CloseButton size="sm" aria-label={t('filter.clear')} onClick={() => type('')} />}
      value={typed}
      onChange={(event) => type(event.currentTarget.value)}
    />
  );
}

function Person({ contact }: { contact: Schemas['Contact'] }) {
  const detail = contact.name ? contact.username && `@${contact.username}` : undefined;
  return (
    <Group gap="sm" wrap="nowrap">
      <Face name={contact.name} />
      <div style={{ minWidth: 0 }}>
        <Anchor
          component={Link}
          to="/contacts/$contactId"
          params={{ contactId: contact.id } as never}
          fw={600}
          size="sm"
          c="var(--mantine-color-text)"
          title={detailOf(contact)}
          onClick={(event) => event.stopPropagation()}
        >
          <span data-words>{nameOf(contact)}</span>
        </Anchor>
        {detail && (
          <Text size="xs" c="var(--quiet)" data-words>
            {detail}
          </Text>
        )}
      </div>
    </Group>
  );
}
