import '@mantine/spotlight/styles.css';

import { Spotlight, spotlight } from '@mantine/spotlight';
import { IconMessageCircle, IconSearch, IconUser } from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import { useDebouncedValue } from '@mantine/hooks';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';

import { $api } from '../api/client';
import type { Place } from './places';

/** Goes to a page or a conversation by its name. Opens each time `wanted` grows. */
export function Palette({ wanted, places }: { wanted: number; places: readonly Place[] }) {
  const { t } = useTranslation('shell');
  const navigate = useNavigate();
  const [query, setQuery] = useState('');
  const [asked] = useDebouncedValue(query.trim(), 200);
  useEffect(() => spotlight.open(), [wanted]);

  const found = $api.useQuery(
    'get',
    '/api/v1/conversations',
    { params: { query: { q: asked, limit: 6 } as never } },
    { enabled: asked.length > 1 },
  );
  const matching = places.filter((place) => t(`nav.${place.name}`).toLowerCase().includes(query.trim().toLowerCase()));

  return (
    <Spotlight.Root query={query} onQueryChange={setQuery} shortcut={null}>
      <Spotlight.Search placeholder={t('palette.placeholder')} leftSection={<IconSearch size={18} />} />
      <Spotlight.ActionsList>
        {matching.length > 0 && (
          <Spotlight.ActionsGroup label={t('palette.pages')}>
            {matching.map((place) => (
              <Spotlight.Action
                key={place.to}
                label={t(`nav.${place.name}`)}
                leftSection={<place.icon size={18} />}
                onClick={() => navigate({ to: place.to })}
              />
            ))}
          </Spotlight.ActionsGroup>
        )}
        {asked.length > 1 && (found.data?.items.length ?? 0) > 0 && (
          <Spotlight.ActionsGroup label={t('palette.people')}>
            {found.data?.items.map((conversation) => (
              <Spotlight.Action
                key={conversation.id}
                label={conversation.contact.name ?? conversation.contact.phone ?? conversation.contact.id}
                description={conversation.last_message?.text ?? undefined}
                leftSection={conversation.contact.name ? <IconUser size={18} /> : <IconMessageCircle size={18} />}
                onClick={() => navigate({ to: '/inbox/$conversationId', params: { conversationId: conversation.id } })}
              />
            ))}
          </Spotlight.ActionsGroup>
        )}
        {matching.length === 0 && (found.data?.items.length ?? 0) === 0 && (
          <Spotlight.Empty>{t('palette.nothing')}</Spotlight.Empty>
        )}
      </Spotlight.ActionsList>
    </Spotlight.Root>
  );
}
