import { Avatar } from '@mantine/core';

import classes from './contacts.module.css';

/** Somebody's initials, or nobody's. Their name stands beside it. */
export function Face({ name, size = 36 }: { name: string | null | undefined; size?: number }) {
  return (
    <Avatar name={name ?? undefined} size={size} radius="xl" classNames={{ placeholder: classes.face }} aria-hidden />
  );
}
