import { Fragment, type ReactNode } from 'react';

import classes from './FactList.module.css';

export interface Fact {
  name: string;
  /** A fact without a value is left out, or told as `unknown`. */
  value: ReactNode;
}

/** What is known of something, line by line. */
export function FactList({ facts, unknown }: { facts: Fact[]; unknown?: ReactNode }) {
  return (
    <dl className={classes.facts}>
      {facts
        .map(({ name, value }) => ({ name, value: value || unknown }))
        .filter(({ value }) => value)
        .map(({ name, value }) => (
          <Fragment key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </Fragment>
        ))}
    </dl>
  );
}
