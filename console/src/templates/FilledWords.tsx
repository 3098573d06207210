import { Fragment, type ReactNode, useMemo } from 'react';

import { type Block, parse, type Span } from '~/inbox/format/parse';

import classes from './FilledWords.module.css';

const [OPENS, CLOSES] = ['\uE000', '\uE001'];

/** Sets off what was filled into a gap, so that it shows among the words. */
export const filled = (text: string) => `${OPENS}${text.replaceAll(OPENS, '').replaceAll(CLOSES, '')}${CLOSES}`;

/** A template's words, formatted as WhatsApp shows them, with what was filled in set off. */
export function FilledWords({ text }: { text: string }) {
  const blocks = useMemo(() => parse(text), [text]);
  return (
    <div data-words className={classes.words}>
      {blocks.map((block, at) => (
        // oxlint-disable-next-line react/no-array-index-key -- blocks have no ids of their own
        <Fragment key={at}>{blockOf(block)}</Fragment>
      ))}
    </div>
  );
}

// Parts of a text have no ids of their own, and never change places.
/* oxlint-disable react/no-array-index-key */
function blockOf(block: Block): ReactNode {
  if (block.kind === 'mono') return <pre className={classes.block}>{words(block.text)}</pre>;
  if (block.kind === 'list') {
    const items = block.items.map((item, at) => <li key={at}>{item.map(spanOf)}</li>);
    return block.ordered ? (
      <ol start={block.start} className={classes.list}>
        {items}
      </ol>
    ) : (
      <ul className={classes.list}>{items}</ul>
    );
  }
  const lines = block.lines.map((line, at) => (
    <div key={at} className={classes.line}>
      {line.length === 0 ? '\u200b' : line.map(spanOf)}
    </div>
  ));
  return block.kind === 'quote' ? <blockquote className={classes.quote}>{lines}</blockquote> : lines;
}

function spanOf(span: Span, key: number): ReactNode {
  if (typeof span === 'string') return <Fragment key={key}>{words(span)}</Fragment>;
  switch (span.kind) {
    case 'bold':
      return <strong key={key}>{span.children.map(spanOf)}</strong>;
    case 'italic':
      return <em key={key}>{span.children.map(spanOf)}</em>;
    case 'strike':
      return <s key={key}>{span.children.map(spanOf)}</s>;
    case 'code':
      return (
        <code key={key} className={classes.code}>
          {words(span.text)}
        </code>
      );
    case 'link':
      // A preview leads nowhere.
      return (
        <span key={key} className={classes.link}>
          {words(span.text)}
        </span>
      );
  }
}

function words(text: string): ReactNode {
  const [first, ...rest] = text.split(OPENS!);
  return [
    first,
    ...rest.map((part, at) => {
      const [inside, after] = part.split(CLOSES!);
      return (
        <Fragment key={at}>
          <span className={classes.gap}>{inside}</span>
          {after}
        </Fragment>
      );
    }),
  ];
}
