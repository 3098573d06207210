import { ActionIcon, Button, Group, Menu, Modal, Stack, Text, TextInput } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconDots, IconPencil, IconPlayerPause, IconPlayerPlay, IconTrash } from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { api, ok } from '~/api/client';
import { Failure, notifyDone, notifyFailure } from '~/parts/Failure';
import { AnchorLink } from '~/parts/links';
import { Ago } from '~/parts/time';
import { useMay } from '~/session';

import { useChangeAgent, useRefreshAgents } from './agent';
import type { Agent } from './queries';
import { Mode } from './Mode';

/** Whether it answers, where, and since when it is as it is. */
export function About({ agent }: { agent: Agent }) {
  const { t } = useTranslation('agents');
  return (
    <Group component="span" gap="xs" mt={4}>
      <Mode mode={agent.mode} />
      <Text size="sm" span>
        {t('version', { version: agent.version })} · <Ago at={agent.updated_at} span inherit />
      </Text>
      {agent.numbers && (
        <Text size="sm" span>
          ·{' '}
          {agent.numbers.length === 0 ? t('noNumber') : `${t('answersOn')} `}
          {agent.numbers.map((number, at) => (
            <span key={number.id}>
              {at > 0 && ', '}
              <AnchorLink to="/numbers/$numberId" params={{ numberId: number.id }} inherit underline="always">
                {number.display_name ?? number.id}
              </AnchorLink>
            </span>
          ))}
        </Text>
      )}
    </Group>
  );
}

/** Pausing, renaming, deleting. */
export function Actions({ agent }: { agent: Agent }) {
  const { t } = useTranslation(['agents', 'parts']);
  const mayChange = useMay('editor');
  const change = useChangeAgent(agent.id);
  const [busy, setBusy] = useState(false);
  const [naming, name] = useDisclosure();
  const [deleting, remove] = useDisclosure();
  const isActive = agent.mode === 'active';

  if (!mayChange) {
    return (
      <Text size="sm" c="var(--quiet)">
        {t('parts:notAllowed')}
      </Text>
    );
  }
  const toggle = async () => {
    setBusy(true);
    try {
      await change({ mode: isActive ? 'paused' : 'active' });
      notifyDone(t(isActive ? 'paused' : 'activated', { name: agent.name }));
    } catch (thrown) {
      notifyFailure(thrown);
    } finally {
      setBusy(false);
    }
  };

  return (
    <>
      <Button
        variant={isActive ? 'default' : 'filled'}
        leftSection={isActive ? <IconPlayerPause size={17} /> : <IconPlayerPlay size={17} />}
        onClick={toggle}
        loading={busy}
      >
        {t(isActive ? 'pause' : 'activate')}
      </Button>
      <Menu position="bottom-end">
        <Menu.Target>
          <ActionIcon variant="default" size={36} aria-label={t('parts:actions')}>
            <IconDots size={18} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item leftSection={<IconPencil size={16} />} onClick={name.open}>
            {t('rename')}
          </Menu.Item>
          <Menu.Item color="red" leftSection={<IconTrash size={16} />} onClick={remove.open}>
            {t('delete.do')}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      {naming && <Rename agent={agent} onClose={name.close} />}
      {deleting && <Delete agent={agent} onClose={remove.close} />}
    </>
  );
}

function Rename({ agent, onClose }: { agent: Agent; onClose: () => void }) {
  const { t } = useTranslation(['agents', 'parts']);
  const change = useChangeAgent(agent.id);
  const [name, setName] = useState(agent.name);
  const [error, setError] = useState<unknown>(null);
  const save = async (event: React.FormEvent) => {
    event.preventDefault();
    try {
      await change({ name: name.trim() });
      onClose();
    } catch (thrown) {
      setError(thrown);
    }
  };
  return (
    <Modal opened onClose={onClose} title={t('rename')}>
      <form onSubmit={save}>
        <Stack>
          <TextInput
            label={t('name')}
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
            required
            maxLength={100}
            data-autofocus
          />
          <Failure error={error} />
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {t('parts:cancel')}
            </Button>
            <Button type="submit" disabled={!name.trim()}>
              {t('parts:save')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}

function Delete({ agent, onClose }: { agent: Agent; onClose: () => void }) {
  const { t } = useTranslation(['agents', 'parts']);
  const navigate = useNavigate();
  const refresh = useRefreshAgents();
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const remove = async () => {
    setBusy(true);
    try {
      await ok(api.DELETE('/api/v1/agents/{agent_id}', { params: { path: { agent_id: agent.id } } }));
      await navigate({ to: '/agents', ignoreBlocker: true });
      void refresh();
    } catch (thrown) {
      setError(thrown);
      setBusy(false);
    }
  };
  return (
    <Modal opened onClose={onClose} title={t('delete.do')} centered>
      <Text>{t('delete.question', { name: agent.name })}</Text>
      <Failure error={error} />
      <Group justify="flex-end" mt="lg">
        <Button variant="default" onClick={onClose} data-autofocus>
          {t('parts:cancel')}
        </Button>
        <Button color="red" onClick={remove} loading={busy}>
          {t('delete.do')}
        </Button>
      </Group>
    </Modal>
  );
}
