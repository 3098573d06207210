import { Button, Group, Modal, Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';

import { Copy, Copyable } from '~/parts/Copy';
import type { InvitedMember } from './queries';
import { nameOf } from './Who';

/** The link that lets somebody in, shown this once. */
export function InviteLink({ member, onClose }: { member: InvitedMember; onClose: () => void }) {
  const { t } = useTranslation(['members', 'parts']);
  const isNew = member.status === 'invited';
  return (
    <Modal opened onClose={onClose} title={t('link.title', { name: nameOf(member) })} closeOnClickOutside={false} size="lg">
      <Stack>
        <Text>{isNew ? t('link.text') : t('link.resetText')}</Text>
        <Copyable value={member.invite_url} />
        <Text size="sm" c="var(--quiet)">
          {t('link.once')}
        </Text>
        <Group justify="flex-end">
          <Copy value={member.invite_url} label={t('link.copy')} />
          <Button size="xs" onClick={onClose}>
            {t('parts:close')}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
