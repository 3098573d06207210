import { type RefObject, useEffect, useImperativeHandle, useRef, useState } from 'react';

import { Day } from './Day';
import classes from './Lines.module.css';

export interface DayPillHandle {
  show: (at: string, isShown: boolean) => void;
}

const SHOWN_MS = 1_400;

/** The day of what is in sight, while somebody scrolls. */
export function DayPill({ handle }: { handle: RefObject<DayPillHandle | null> }) {
  const [at, setAt] = useState<string>();
  const [isShown, setShown] = useState(false);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useImperativeHandle(handle, () => ({
    show: (day, shown) => {
      setAt(day);
      setShown(shown);
      clearTimeout(timer.current);
      timer.current = setTimeout(() => setShown(false), SHOWN_MS);
    },
  }));
  useEffect(() => () => clearTimeout(timer.current), []);
  return (
    <div aria-hidden className={classes.pill} data-shown={(isShown && at !== undefined) || undefined}>
      {at && <Day at={at} />}
    </div>
  );
}
