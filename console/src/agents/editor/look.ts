/** How the editor and the differences look: prose, in the colours of the page. */
import { HighlightStyle, syntaxHighlighting } from '@codemirror/language';
import type { Extension } from '@codemirror/state';
import { Decoration, type DecorationSet, EditorView, ViewPlugin, type ViewUpdate } from '@codemirror/view';
import { RangeSetBuilder } from '@codemirror/state';
import { tags } from '@lezer/highlight';

import { nonce } from '~/nonce';

const theme = EditorView.theme({
  '&': { height: '100%', backgroundColor: 'transparent', color: 'var(--mantine-color-text)', fontSize: '15px' },
  '&.cm-focused': { outline: 'none' },
  '.cm-scroller': { fontFamily: 'var(--mantine-font-family)', lineHeight: '1.6', overflow: 'auto' },
  '.cm-content': { padding: '12px 0 40px', caretColor: 'var(--mantine-color-text)' },
  '.cm-line': { padding: '0 16px' },
  '.cm-cursor': { borderInlineStartColor: 'var(--mantine-color-text)' },
  '&.cm-focused .cm-activeLine, .cm-activeLine': { backgroundColor: 'transparent' },
  '&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground': {
    backgroundColor: 'light-dark(#c9e6df, #1e5a4e)',
  },
  '.cm-gap': {
    padding: '1px 3px',
    borderRadius: '4px',
    fontFamily: 'var(--mantine-font-family-monospace)',
    fontSize: '0.88em',
    backgroundColor: 'light-dark(#fff0d6, #4a3413)',
    color: 'light-dark(#8a4b08, #f5c683)',
  },
  '.cm-gap-known': {
    backgroundColor: 'light-dark(#d9f3ec, #0f4a3f)',
    color: 'light-dark(#04483d, #a7d6cb)',
  },
  '.cm-tooltip': {
    border: '1px solid var(--edge)',
    borderRadius: '8px',
    backgroundColor: 'var(--panel)',
    color: 'var(--mantine-color-text)',
    boxShadow: 'var(--mantine-shadow-md)',
    overflow: 'hidden',
  },
  '.cm-gap-told': { padding: '8px 12px', maxWidth: '320px', fontSize: '13px', lineHeight: '1.45' },
  '.cm-tooltip.cm-tooltip-autocomplete > ul': { fontFamily: 'var(--mantine-font-family)', fontSize: '13px' },
  '.cm-tooltip.cm-tooltip-autocomplete > ul > li': { padding: '6px 10px' },
  '.cm-tooltip.cm-tooltip-autocomplete > ul > li[aria-selected]': {
    backgroundColor: 'var(--mantine-primary-color-filled)',
    color: '#fff',
  },
  '.cm-completionDetail': { fontStyle: 'normal', opacity: '0.85' },
  '.cm-panels': { backgroundColor: 'var(--frame)', color: 'var(--mantine-color-text)' },
  '.cm-panels-top': { borderBlockEnd: '1px solid var(--edge)' },
  '.cm-panel.cm-search': { fontSize: '13px', padding: '8px 12px' },
  '.cm-textfield': { border: '1px solid var(--edge)', borderRadius: '6px', backgroundColor: 'var(--panel)', padding: '3px 8px' },
  '.cm-button': { border: '1px solid var(--edge)', borderRadius: '6px', background: 'var(--panel)', padding: '3px 8px' },
  '.cm-searchMatch': { backgroundColor: 'light-dark(#ffe9a8, #6b5310)' },
  '.cm-searchMatch-selected': { backgroundColor: 'light-dark(#ffd257, #93731b)' },
});

const highlight = HighlightStyle.define([
  { tag: tags.heading, fontWeight: '700' },
  { tag: tags.heading1, fontSize: '1.2em' },
  { tag: tags.heading2, fontSize: '1.1em' },
  { tag: tags.strong, fontWeight: '700' },
  { tag: tags.emphasis, fontStyle: 'italic' },
  { tag: tags.strikethrough, textDecoration: 'line-through' },
  { tag: tags.monospace, fontFamily: 'var(--mantine-font-family-monospace)', fontSize: '0.9em' },
  { tag: tags.link, color: 'var(--link)' },
  { tag: tags.url, color: 'var(--link)' },
  { tag: tags.quote, color: 'var(--quiet)' },
  { tag: tags.processingInstruction, color: 'var(--mantine-primary-color-filled)' },
]);

const ownDirection = Decoration.line({ attributes: { dir: 'auto' } });

/** Each line is read in the direction of its own script. */
const directions = ViewPlugin.fromClass(
  class {
    decorations: DecorationSet;

    constructor(view: EditorView) {
      this.decorations = lines(view);
    }

    update(update: ViewUpdate) {
      if (update.docChanged || update.viewportChanged) this.decorations = lines(update.view);
    }
  },
  { decorations: (plugin) => plugin.decorations },
);

function lines(view: EditorView): DecorationSet {
  const builder = new RangeSetBuilder<Decoration>();
  for (const { from, to } of view.visibleRanges) {
    for (let at = from; at <= to; ) {
      const line = view.state.doc.lineAt(at);
      builder.add(line.from, line.from, ownDirection);
      at = line.to + 1;
    }
  }
  return builder.finish();
}

export const look: Extension = [
  EditorView.cspNonce.of(nonce),
  EditorView.lineWrapping,
  EditorView.perLineTextDirection.of(true),
  directions,
  theme,
  syntaxHighlighting(highlight),
];
