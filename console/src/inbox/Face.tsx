import { IconUser } from '@tabler/icons-react';

import classes from './Face.module.css';
import { initials, toneOf } from './names';

/** The initials of a person in a circle of their own colour. It says nothing that does not stand beside it. */
export function Face({ id, name, size = 44 }: { id: string; name: string; size?: number }) {
  const letters = initials(name);
  return (
    <span
      aria-hidden
      className={classes.face}
      data-tone={toneOf(id)}
      style={{ inlineSize: size, blockSize: size, fontSize: size * 0.38 }}
    >
      {letters || <IconUser size={size * 0.5} stroke={1.6} />}
    </span>
  );
}
