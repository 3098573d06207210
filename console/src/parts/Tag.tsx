import type { ReactNode } from 'react';

import classes from './Tag.module.css';

export type Tone = 'plain' | 'good' | 'new' | 'warn' | 'bad';

/** Words that stand against red and green alike: what is bad. */
export const BAD_WORDS = 'light-dark(#a11b12, #ffa8a0)';

/** A short state of something. The words tell it; the colour only helps to find it. */
export function Tag({ tone = 'plain', icon, children }: { tone?: Tone; icon?: ReactNode; children: ReactNode }) {
  return (
    <span className={classes.tag} data-tone={tone}>
      {icon}
      {children}
    </span>
  );
}
