import { useTranslation } from 'react-i18next';

import { useNow } from '~/parts/time';

import { dayName } from '../times';
import classes from './Lines.module.css';

/** A day as people name it: today, Tuesday, 12 March. */
export function Day({ at }: { at: string }) {
  useTranslation();
  return <span className={classes.day}>{dayName(at, useNow())}</span>;
}
