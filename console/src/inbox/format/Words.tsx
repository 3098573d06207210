import { memo, type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';

import { type Block, isFewEmoji, parse, type Span } from './parse';
import classes from './Words.module.css';

/** Longer words than this are shown in part at first. */
const LONG_CHARS = 1_600;
const LONG_LINES = 24;
const opened = new Set<string>();

/**
 * What somebody wrote, with WhatsApp's own markup. `id` remembers that it was opened whole; `gap` is left free at its end, for
 * what stands there.
 */
export const Words = memo(function Words({ text, id, gap }: { text: string; id?: string; gap?: string }) {
  const { t } = useTranslation('inbox');
  const [whole, setWhole] = useState(() => (id ? opened.has(id) : true));
  const shown = whole ? text : shortened(text);
  const open = () => {
    if (id) opened.add(id);
    setWhole(true);
  };
  return (
    <div data-words dir="auto" className={isFewEmoji(text) ? classes.large : classes.words}>
      {parse(shown).map(renderBlock)}
      {shown.length < text.length && (
        <>
          …{' '}
          <button type="button" className={classes.more} onClick={open}>
            {t('bubble.more')}
          </button>
        </>
      )}
      {gap && (
        <span aria-hidden className={classes.gap}>
          {gap}
        </span>
      )}
    </div>
  );
});

function shortened(text: string): string {
  if (text.length <= LONG_CHARS && text.split('\n', LONG_LINES + 1).length <= LONG_LINES) return text;
  return text.slice(0, LONG_CHARS).split('\n').slice(0, LONG_LINES).join('\n').trimEnd();
}

// Parts of a text have no ids of their own, and never change places.
/* oxlint-disable react/no-array-index-key */
function renderBlock(block: Block, key: number): ReactNode {
  switch (block.kind) {
    case 'mono':
      return (
        <pre key={key} className={classes.mono}>
          {block.text}
        </pre>
      );
    case 'list': {
      const items = block.items.map((item, at) => (
        <li key={at} dir="auto">
          {item.map(renderSpan)}
        </li>
      ));
      return block.ordered ? (
        <ol key={key} start={block.start} className={classes.list}>
          {items}
        </ol>
      ) : (
        <ul key={key} className={classes.list}>
          {items}
        </ul>
      );
    }
    case 'quote':
      return (
        <blockquote key={key} className={classes.quote}>
          {renderLines(block.lines)}
        </blockquote>
      );
    case 'text':
      return (
        <span key={key} className={classes.lines}>
          {renderLines(block.lines)}
        </span>
      );
  }
}

function renderLines(lines: Span[][]): ReactNode {
  return lines.map((line, at) => (
    <span key={at}>
      {at > 0 && '\n'}
      {line.map(renderSpan)}
    </span>
  ));
}

function renderSpan(span: Span, key: number): ReactNode {
  if (typeof span === 'string') return span;
  switch (span.kind) {
    case 'bold':
      return <strong key={key}>{span.children.map(renderSpan)}</strong>;
    case 'italic':
      return <em key={key}>{span.children.map(renderSpan)}</em>;
    case 'strike':
      return <s key={key}>{span.children.map(renderSpan)}</s>;
    case 'code':
      return (
        <code key={key} className={classes.code}>
          {span.text}
        </code>
      );
    case 'link':
      return (
        <a key={key} href={span.href} target="_blank" rel="noopener noreferrer" className={classes.link}>
          {span.text}
        </a>
      );
  }
}
