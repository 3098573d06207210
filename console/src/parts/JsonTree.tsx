import { IconChevronRight } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import classes from './JsonTree.module.css';

const FEW = 100;
const LONG = 400;

/**
 * A JSON value that can be folded. What is folded is not drawn, and long lists are drawn a part at a time, so even megabytes
 * open at once. All of it is text: nothing in it can become markup.
 */
export function JsonTree({ value, label, depth = 2 }: { value: unknown; label: string; /** How deep it is open at first. */ depth?: number }) {
  return (
    <ul className={classes.tree} aria-label={label}>
      <Node value={value} depth={depth} />
    </ul>
  );
}

function Node({ name, value, depth }: { name?: string; value: unknown; depth: number }) {
  if (value !== null && typeof value === 'object') return <Branch name={name} value={value} depth={depth} />;
  return (
    <li className={classes.line}>
      <Name name={name} />
      <Leaf value={value} />
    </li>
  );
}

function Name({ name }: { name?: string }) {
  if (name === undefined) return null;
  return (
    <>
      <span className={classes.key}>{name}</span>
      <span className={classes.quiet}>: </span>
    </>
  );
}

function Leaf({ value }: { value: unknown }) {
  const { t } = useTranslation('parts');
  const [whole, setWhole] = useState(false);
  if (typeof value === 'number') return <span className={classes.number}>{value}</span>;
  if (typeof value !== 'string') return <span className={classes.word}>{String(value)}</span>;
  const long = value.length > LONG && !whole;
  return (
    <>
      <span className={classes.string} data-words>
        &quot;{long ? `${value.slice(0, LONG)}…` : value}&quot;
      </span>
      {long && (
        <button type="button" className={classes.more} onClick={() => setWhole(true)}>
          {t('json.whole')}
        </button>
      )}
    </>
  );
}

function Branch({ name, value, depth }: { name?: string; value: object; depth: number }) {
  const { t } = useTranslation('parts');
  const [open, setOpen] = useState(depth > 0);
  const [drawn, setDrawn] = useState(FEW);
  const isList = Array.isArray(value);
  const entries = Object.entries(value);
  const size = t(isList ? 'json.items' : 'json.fields', { count: entries.length });
  if (entries.length === 0) {
    return (
      <li className={classes.line}>
        <Name name={name} />
        <span className={classes.quiet}>{isList ? '[ ]' : '{ }'}</span>
      </li>
    );
  }
  return (
    <li>
      <button type="button" className={classes.toggle} aria-expanded={open} onClick={() => setOpen(!open)}>
        <IconChevronRight size={16} className={classes.arrow} data-open={open || undefined} aria-hidden />
        <span>
          {name !== undefined && <span className={classes.key}>{name} </span>}
          <span className={classes.quiet}>{size}</span>
        </span>
      </button>
      {open && (
        <ul>
          {entries.slice(0, drawn).map(([key, inner]) => (
            <Node key={key} name={key} value={inner} depth={depth - 1} />
          ))}
          {entries.length > drawn && (
            <li className={classes.line}>
              <button type="button" className={classes.more} onClick={() => setDrawn(drawn + FEW * 5)}>
                {t('json.more', { count: entries.length - drawn })}
              </button>
            </li>
          )}
        </ul>
      )}
    </li>
  );
}
