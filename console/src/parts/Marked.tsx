import { useMemo } from 'react';

import classes from './Marked.module.css';
import { mark, wantedWords } from './marks';

/** Words of a file, with those marked that were asked for. */
export function Marked({ text, question, className }: { text: string; question: string; className?: string }) {
  const wanted = useMemo(() => wantedWords(question), [question]);
  const pieces = useMemo(() => mark(text, wanted), [text, wanted]);
  return (
    <span data-words className={className}>
      {pieces.map((piece, at) =>
        piece.marked ? (
          <mark key={at} className={classes.mark}>
            {piece.text}
          </mark>
        ) : (
          piece.text
        ),
      )}
    </span>
  );
}
