import { completionKeymap } from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap } from '@codemirror/commands';
import { markdown } from '@codemirror/lang-markdown';
import { highlightSelectionMatches, search, searchKeymap } from '@codemirror/search';
import { Compartment, EditorState } from '@codemirror/state';
import { drawSelection, EditorView, keymap } from '@codemirror/view';
import { useEffect, useEffectEvent, useRef } from 'react';

import { look } from './look';
import { variables } from './variables';
import type { EditorWords } from './words';

/** An editor for instructions. Loaded when it is needed: it is heavy. */
export default function CodeEditor({
  value,
  onChange,
  onSave,
  readOnly,
  label,
  words,
}: {
  value: string;
  onChange: (value: string) => void;
  onSave: () => void;
  readOnly: boolean;
  label: string;
  words: EditorWords;
}) {
  const place = useRef<HTMLDivElement>(null);
  const shown = useRef<EditorView>(null);
  const spoken = useRef(new Compartment());
  const changed = useEffectEvent(onChange);
  const save = useEffectEvent(onSave);

  const told = () => [
    EditorState.readOnly.of(readOnly),
    EditorState.phrases.of(words.phrases),
    EditorView.contentAttributes.of({ 'aria-label': label, spellcheck: 'true', autocapitalize: 'sentences' }),
    variables(words),
  ];
  const begin = useEffectEvent((parent: HTMLElement) => {
    const state = EditorState.create({
      doc: value,
      extensions: [
        look,
        history(),
        drawSelection(),
        markdown(),
        search({ top: true }),
        highlightSelectionMatches(),
        spoken.current.of(told()),
        keymap.of([
          { key: 'Mod-s', preventDefault: true, stopPropagation: true, run: () => (save(), true) },
          ...completionKeymap,
          ...searchKeymap,
          ...historyKeymap,
          ...defaultKeymap,
        ]),
        EditorView.updateListener.of((update) => {
          if (update.docChanged) changed(update.state.doc.toString());
        }),
      ],
    });
    return new EditorView({ state, parent });
  });
  const speak = useEffectEvent((view: EditorView) =>
    view.dispatch({ effects: spoken.current.reconfigure(told()) }),
  );

  useEffect(() => {
    if (!place.current) return undefined;
    const view = begin(place.current);
    shown.current = view;
    return () => view.destroy();
  }, []);
  // A text that came from elsewhere: discarded, restored, completed.
  useEffect(() => {
    const view = shown.current;
    if (!view || view.state.doc.toString() === value) return;
    view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: value } });
  }, [value]);
  useEffect(() => {
    if (shown.current) speak(shown.current);
  }, [readOnly, label, words]);

  return <div ref={place} style={{ height: '100%' }} />;
}
