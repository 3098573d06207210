import { Alert, Anchor, Grid, Group, Skeleton, Stack } from '@mantine/core';
import { IconArrowLeft, IconUserOff } from '@tabler/icons-react';
import { Link, useParams } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { $api, type Schemas } from '~/api/client';
import { useFeed } from '~/api/feed';
import { Failure } from '~/parts/Failure';
import { Page } from '~/parts/Page';
import { BlockButton } from './BlockButton';
import type { Contact } from './queries';
import { ConsentPanel } from './ConsentPanel';
import classes from './contacts.module.css';
import { ConversationsPanel } from './ConversationsPanel';
import { ErasePanel } from './ErasePanel';
import { ExportButton } from './ExportButton';
import { FieldsPanel } from './FieldsPanel';
import { IdentityPanel } from './IdentityPanel';
import { nameOf } from './person';
import { Standing } from './Standing';
import { TimelinePanel } from './TimelinePanel';

export function ContactPage() {
  const { t } = useTranslation('contacts');
  const { contactId = '' } = useParams({ strict: false });
  const [gone, setGone] = useState(false);
  const params = { params: { path: { contact_id: contactId } } };
  const { data: contact, error } = $api.useQuery('get', '/api/v1/contacts/{contact_id}', params, { enabled: !gone });
  useFeed('gone', ({ kind, id }) => {
    if (kind === 'contact' && id === contactId) setGone(true);
  });

  const back = (
    <Anchor component={Link} to="/contacts" size="sm">
      <Group gap={4} component="span">
        <IconArrowLeft size={16} className={classes.back} aria-hidden />
        {t('back')}
      </Group>
    </Anchor>
  );
  if (gone) {
    return (
      <Page title={t('gone.title')} lead={back}>
        <Alert icon={<IconUserOff size={18} />}>{t('gone.text')}</Alert>
      </Page>
    );
  }
  if (!contact) {
    return (
      <Page title={t('contact')} lead={back}>
        {error ? <Failure error={error} /> : <Waiting />}
      </Page>
    );
  }
  return (
    <Page
      wide
      title={nameOf(contact)}
      lead={
        <Stack gap={8} component="span">
          {back}
          <Standing contact={contact} />
        </Stack>
      }
      actions={
        <>
          <ExportButton contact={contact} />
          <BlockButton contact={contact} />
        </>
      }
    >
      <Parts key={contact.id} contact={contact} onErased={() => setGone(true)} />
    </Page>
  );
}

function Parts({ contact, onErased }: { contact: Schemas['Contact']; onErased: () => void }) {
  const { fields } = contact as Contact;
  return (
    <Grid gap="lg">
      <Grid.Col span={{ base: 12, lg: 5 }}>
        <Stack gap="lg">
          <IdentityPanel contact={contact} />
          {fields && <FieldsPanel contactId={contact.id} fields={fields} />}
          <ConsentPanel contact={contact} />
          <ConversationsPanel contactId={contact.id} />
        </Stack>
      </Grid.Col>
      <Grid.Col span={{ base: 12, lg: 7 }}>
        <TimelinePanel contactId={contact.id} />
      </Grid.Col>
      <Grid.Col span={12}>
        <ErasePanel contact={contact} onErased={onErased} />
      </Grid.Col>
    </Grid>
  );
}

function Waiting() {
  const { t } = useTranslation('parts');
  return (
    <Stack role="status" aria-label={t('loading')}>
      <Skeleton h={160} radius="lg" />
      <Skeleton h={220} radius="lg" />
    </Stack>
  );
}
