import { Select } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { notifyDone, notifyFailure } from '~/parts/Failure';
import type { Role } from '~/session';
import { type Member, updateMember } from './queries';
import { ROLES } from './roles';
import { nameOf } from './Who';

/** A member's role; choosing another one holds at once. */
export function MemberRole({ member, onChanged }: { member: Member; onChanged: () => Promise<unknown> }) {
  const { t } = useTranslation(['members', 'shell']);
  const [busy, setBusy] = useState(false);
  const choose = async (role: string | null) => {
    if (!role || role === member.role) return;
    setBusy(true);
    try {
      await updateMember(member.id, { role: role as Role });
      await onChanged();
      notifyDone(t('roleChanged', { name: nameOf(member), role: t(`shell:role.${role as Role}`) }));
    } catch (thrown) {
      notifyFailure(thrown);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Select
      size="xs"
      aria-label={t('roleOf', { name: nameOf(member) })}
      allowDeselect={false}
      disabled={busy}
      value={member.role}
      onChange={choose}
      data={ROLES.map((role) => ({ value: role, label: t(`shell:role.${role}`) }))}
    />
  );
}
