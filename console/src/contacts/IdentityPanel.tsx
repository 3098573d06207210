import { Group, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';

import { api, ok, type Schemas } from '~/api/client';
import { Copy } from '~/parts/Copy';
import { Facts } from '~/parts/Facts';
import { Panel } from '~/parts/Panel';
import { Ago } from '~/parts/time';
import { useMay } from '~/session';
import { useRefreshContact } from './queries';
import { EditInPlace } from './EditInPlace';

/** Who they are, as they and Meta told. */
export function IdentityPanel({ contact }: { contact: Schemas['Contact'] }) {
  const { t } = useTranslation(['contacts', 'parts']);
  const refresh = useRefreshContact(contact.id);
  const mayChange = useMay('operator');

  const rename = async (name: string) => {
    const path = { contact_id: contact.id };
    await ok(api.PATCH('/api/v1/contacts/{contact_id}', { params: { path }, body: { name: name || null } }));
    await refresh();
  };

  return (
    <Panel title={t('identity.title')}>
      <Facts
        facts={[
          [
            t('identity.name'),
            <EditInPlace
              key="name"
              label={t('identity.name')}
              value={contact.name}
              none={t('identity.noName')}
              maxLength={200}
              disabled={!mayChange && t('parts:notAllowed')}
              onSave={rename}
            />,
          ],
          [t('identity.phone'), contact.phone ? <Known key="phone" value={contact.phone} /> : t('identity.noPhone')],
          [t('identity.username'), contact.username && <Known key="username" value={`@${contact.username}`} />],
          [t('identity.userId'), contact.user_id && <Known key="userId" value={contact.user_id} />],
          [t('identity.since'), <Ago key="since" at={contact.created_at} size="sm" />],
          [t('identity.updated'), <Ago key="updated" at={contact.updated_at} size="sm" />],
        ]}
      />
    </Panel>
  );
}

function Known({ value }: { value: string }) {
  return (
    <Group gap={4} wrap="nowrap">
      <Text component="bdi" size="sm">
        {value}
      </Text>
      <Copy value={value} />
    </Group>
  );
}
