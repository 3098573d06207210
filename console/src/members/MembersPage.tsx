import { Button, Text } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { Page } from '~/parts/Page';
import { PagedTable } from '~/parts/PagedTable';
import { Panel } from '~/parts/Panel';
import { Ago } from '~/parts/time';
import { type InvitedMember, MEMBERS_KEY, useMembers } from './queries';
import { Invite } from './Invite';
import { InviteLink } from './InviteLink';
import { MemberActions } from './MemberActions';
import { MemberRole } from './MemberRole';
import { Who } from './Who';

export function MembersPage() {
  const { t } = useTranslation(['members', 'parts', 'shell']);
  const queryClient = useQueryClient();
  const members = useMembers();
  const [inviting, setInviting] = useState(false);
  /** Whose link is on the screen, this once. */
  const [invited, setInvited] = useState<InvitedMember | null>(null);
  const refresh = () => queryClient.invalidateQueries({ queryKey: MEMBERS_KEY });

  const add = (
    <Button leftSection={<IconPlus size={18} />} onClick={() => setInviting(true)}>
      {t('invite')}
    </Button>
  );

  return (
    <Page title={t('title')} lead={t('lead')} actions={add}>
      <Panel p={0}>
        <PagedTable
          label={t('title')}
          query={members}
          empty={{ title: t('empty.title'), text: t('empty.text'), action: add }}
          columns={[
            { head: t('who'), cell: (member) => <Who member={member} /> },
            { head: t('role'), width: 190, cell: (member) => <MemberRole member={member} onChanged={refresh} /> },
            {
              head: t('lastSeen'),
              width: 170,
              cell: (member) =>
                member.status === 'invited' ? (
                  <Text size="sm" c="var(--quiet)">
                    {t('status.invited')}
                  </Text>
                ) : (
                  <Ago at={member.last_seen_at} size="sm" />
                ),
            },
            {
              head: t('parts:actions'),
              width: 230,
              cell: (member) => <MemberActions member={member} onInvited={setInvited} onChanged={refresh} />,
            },
          ]}
        />
      </Panel>
      {inviting && (
        <Invite
          onClose={() => setInviting(false)}
          onInvited={(member) => {
            setInviting(false);
            setInvited(member);
            void refresh();
          }}
        />
      )}
      {invited && <InviteLink member={invited} onClose={() => setInvited(null)} />}
    </Page>
  );
}
