import { markdown } from '@codemirror/lang-markdown';
import { MergeView, unifiedMergeView } from '@codemirror/merge';
import { EditorState, type Extension } from '@codemirror/state';
import { EditorView } from '@codemirror/view';
import { useEffect, useRef } from 'react';

import { look } from './look';

const COLLAPSE = { margin: 3, minSize: 5 };

const differences = EditorView.theme({
  '&': { height: 'auto' },
  '.cm-content': { paddingBlockEnd: '12px' },
  '.cm-gutters': { backgroundColor: 'transparent', border: 'none' },
  '&.cm-merge-a .cm-changedLine, .cm-deletedChunk': { backgroundColor: 'light-dark(#fdeceb, #3a1d1c)' },
  '&.cm-merge-b .cm-changedLine, & .cm-insertedLine, &.cm-merge-b .cm-inlineChangedLine': {
    backgroundColor: 'light-dark(#e6f7f0, #12342c)',
  },
  '&.cm-merge-a .cm-changedText, & .cm-deletedChunk .cm-deletedText, & .cm-deletedText': {
    background: 'light-dark(#f8c9c5, #6e2f2b)',
    textDecoration: 'none',
  },
  '&.cm-merge-b .cm-changedText': { background: 'light-dark(#b5e5d5, #1d6652)' },
  '.cm-deletedChunk': { paddingInlineStart: '16px' },
  '.cm-deletedChunk .cm-deletedLine': { padding: '0' },
  '.cm-collapsedLines': {
    padding: '5px 16px',
    background: 'var(--frame)',
    color: 'var(--quiet)',
    fontSize: '12px',
  },
});

/** Two texts and what differs: side by side, or one through the other where there is no room. */
export default function Differences({
  before,
  after,
  oldLabel,
  youngLabel,
  phrases,
  inOne,
}: {
  before: string;
  after: string;
  oldLabel: string;
  youngLabel: string;
  phrases: Record<string, string>;
  inOne: boolean;
}) {
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const parent = place.current;
    if (!parent) return undefined;
    const sheet = (label: string): Extension => [
      look,
      markdown(),
      differences,
      EditorState.readOnly.of(true),
      EditorView.editable.of(false),
      EditorState.phrases.of(phrases),
      EditorView.contentAttributes.of({ 'aria-label': label, tabindex: '0' }),
    ];
    const view = inOne
      ? new EditorView({
          doc: after,
          extensions: [
            sheet(youngLabel),
            unifiedMergeView({ original: before, mergeControls: false, collapseUnchanged: COLLAPSE }),
          ],
          parent,
        })
      : new MergeView({
          a: { doc: before, extensions: sheet(oldLabel) },
          b: { doc: after, extensions: sheet(youngLabel) },
          parent,
          collapseUnchanged: COLLAPSE,
        });
    return () => view.destroy();
  }, [before, after, inOne, oldLabel, youngLabel, phrases]);
  return <div ref={place} dir="ltr" />;
}
