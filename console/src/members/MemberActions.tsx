import { Button, Group } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { ConfirmButton } from '~/parts/ConfirmButton';
import { notifyFailure } from '~/parts/Failure';
import { deleteMember, type InvitedMember, inviteMember, type Member } from './queries';
import { nameOf } from './Who';

export function MemberActions({
  member,
  onInvited,
  onChanged,
}: {
  member: Member;
  onInvited: (member: InvitedMember) => void;
  onChanged: () => Promise<unknown>;
}) {
  const { t } = useTranslation(['members', 'parts']);
  const [busy, setBusy] = useState(false);
  const invite = async () => {
    setBusy(true);
    try {
      onInvited(await inviteMember(member.id));
    } catch (thrown) {
      notifyFailure(thrown);
    } finally {
      setBusy(false);
    }
  };
  const remove = async () => {
    await deleteMember(member.id);
    await onChanged();
  };
  const name = nameOf(member);
  return (
    <Group gap="xs" wrap="nowrap">
      <Button variant="default" size="xs" onClick={invite} loading={busy}>
        {member.status === 'invited' ? t('link.anew') : t('link.reset')}
      </Button>
      <ConfirmButton
        size="xs"
        title={t('remove.title')}
        question={t('remove.question', { name })}
        confirm={t('parts:remove')}
        action={remove}
      >
        {t('parts:remove')}
      </ConfirmButton>
    </Group>
  );
}
