import { Avatar, Badge, Group, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';

import { useSession } from '~/session';
import type { Member } from './queries';
import classes from './Who.module.css';

export const nameOf = (member: Member): string => member.name || member.email;

export function Who({ member }: { member: Member }) {
  const { t } = useTranslation('members');
  const session = useSession();
  return (
    <div className={classes.who}>
      <Avatar name={nameOf(member)} color="gray" variant="filled" radius="xl" size={36} className={classes.face} aria-hidden />
      <div className={classes.text}>
        <Group gap="xs">
          <Text fw={600} className={classes.name}>
            <bdi>{nameOf(member)}</bdi>
          </Text>
          {member.id === session.actor && (
            <Badge variant="default" size="sm">
              {t('you')}
            </Badge>
          )}
        </Group>
        {member.name && (
          <Text size="sm" c="var(--quiet)" className={classes.name}>
            <bdi>{member.email}</bdi>
          </Text>
        )}
      </div>
    </div>
  );
}
