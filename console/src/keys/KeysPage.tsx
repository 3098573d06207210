import { Badge, Button, Code, Group, Modal, Select, Stack, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useDisclosure } from '@mantine/hooks';
import { IconPlus } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { $api, api, ok, type Schemas } from '~/api/client';
import { ConfirmButton } from '~/parts/ConfirmButton';
import { Copyable } from '~/parts/Copy';
import { FormFoot } from '~/parts/FormFoot';
import { placeErrors } from '~/parts/fields';
import { Page } from '~/parts/Page';
import { paged, PagedTable } from '~/parts/PagedTable';
import { Panel } from '~/parts/Panel';
import { Ago } from '~/parts/time';

const ROLES: Schemas['Role'][] = ['admin', 'editor', 'operator', 'viewer'];

export function KeysPage() {
  const { t } = useTranslation(['keys', 'parts', 'shell']);
  const queryClient = useQueryClient();
  const [opened, { open, close }] = useDisclosure();
  const keys = $api.useInfiniteQuery('get', '/api/v1/keys', { params: { query: {} } }, paged);
  const refresh = () => queryClient.invalidateQueries({ queryKey: ['get', '/api/v1/keys'] });

  const revoke = async (id: string) => {
    await ok(api.DELETE('/api/v1/keys/{key_id}', { params: { path: { key_id: id } } }));
    await refresh();
  };

  const add = (
    <Button leftSection={<IconPlus size={18} />} onClick={open}>
      {t('create')}
    </Button>
  );

  return (
    <Page title={t('title')} lead={t('lead')} actions={add}>
      <Panel p={0}>
        <PagedTable
          label={t('list')}
          query={keys}
          empty={{ ...t('empty', { returnObjects: true }), action: add }}
          columns={[
            { head: t('name'), cell: (key) => <Text fw={600}>{key.name}</Text> },
            { head: t('role'), cell: (key) => <Badge variant="light">{t(`shell:role.${key.role}`)}</Badge> },
            { head: t('hint'), cell: (key) => <Code>…{key.hint}</Code> },
            { head: t('made'), cell: (key) => <Ago at={key.created_at} size="sm" />, wideOnly: true },
            {
              head: t('parts:actions'),
              width: 120,
              cell: (key) => (
                <ConfirmButton
                  size="xs"
                  title={t('revoke')}
                  question={t('revokeQuestion', { name: key.name })}
                  confirm={t('revoke')}
                  action={() => revoke(key.id)}
                >
                  {t('revoke')}
                </ConfirmButton>
              ),
            },
          ]}
        />
      </Panel>
      {opened && <NewKey onClose={close} onMade={refresh} />}
    </Page>
  );
}

function NewKey({ onClose, onMade }: { onClose: () => void; onMade: () => void }) {
  const { t } = useTranslation(['keys', 'parts', 'shell']);
  const [made, setMade] = useState<Schemas['NewKey'] | null>(null);
  const [error, setError] = useState<unknown>(null);
  const form = useForm({ initialValues: { name: '', role: 'operator' as Schemas['Role'] } });

  const create = form.onSubmit(async (values) => {
    setError(null);
    try {
      setMade(await ok(api.POST('/api/v1/keys', { body: values })));
      onMade();
    } catch (thrown) {
      if (!placeErrors(form, thrown)) setError(thrown);
    }
  });

  if (made) {
    return (
      <Modal opened onClose={onClose} title={t('new.title')} closeOnClickOutside={false}>
        <Stack>
          <Text>{t('new.text')}</Text>
          <Copyable value={made.key} />
          <Group justify="flex-end">
            <Button onClick={onClose}>{t('parts:close')}</Button>
          </Group>
        </Stack>
      </Modal>
    );
  }
  return (
    <Modal opened onClose={onClose} title={t('create')}>
      <form onSubmit={create}>
        <Stack>
          <TextInput
            label={t('name')}
            placeholder={t('namePlaceholder')}
            required
            maxLength={100}
            data-autofocus
            {...form.getInputProps('name')}
          />
          <Select
            label={t('role')}
            allowDeselect={false}
            data={ROLES.map((role) => ({ value: role, label: t(`roles.${role}`) }))}
            {...form.getInputProps('role')}
          />
          <FormFoot error={error} isSending={form.submitting} submit={t('create')} onCancel={onClose} />
        </Stack>
      </form>
    </Modal>
  );
}
