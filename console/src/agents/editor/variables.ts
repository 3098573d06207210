/** Marks `{{…}}`, tells what becomes of it, and offers what the model is told anyway. */
import { autocompletion, type Completion, type CompletionContext, pickedCompletion } from '@codemirror/autocomplete';
import type { Extension } from '@codemirror/state';
import {
  Decoration,
  type DecorationSet,
  EditorView,
  hoverTooltip,
  MatchDecorator,
  ViewPlugin,
  type ViewUpdate,
} from '@codemirror/view';

import { GAP, isFact } from './gaps';
import type { EditorWords } from './words';

const OPENED = /\{\{\s*[\w.]*$/;

const decorator = new MatchDecorator({
  regexp: GAP,
  decoration: (match) => Decoration.mark({ class: isFact(match[1] ?? '') ? 'cm-gap cm-gap-known' : 'cm-gap' }),
});

const marks = ViewPlugin.fromClass(
  class {
    decorations: DecorationSet;

    constructor(view: EditorView) {
      this.decorations = decorator.createDeco(view);
    }

    update(update: ViewUpdate) {
      this.decorations = decorator.updateDeco(update, this.decorations);
    }
  },
  { decorations: (plugin) => plugin.decorations },
);

function told(words: EditorWords): Extension {
  return hoverTooltip((view, at) => {
    const line = view.state.doc.lineAt(at);
    for (const found of line.text.matchAll(GAP)) {
      const from = line.from + found.index;
      const to = from + found[0].length;
      if (at < from || at > to) continue;
      const fact = words.facts.find((one) => one.name === found[1]);
      return {
        pos: from,
        end: to,
        create: () => {
          const dom = document.createElement('div');
          dom.className = 'cm-gap-told';
          dom.textContent = fact ? `${words.known} ${fact.about}` : words.unknown;
          return { dom };
        },
      };
    }
    return null;
  });
}

/** The facts in plain words, in the place of the braces. */
function complete(words: EditorWords) {
  return (context: CompletionContext) => {
    const opened = context.matchBefore(OPENED);
    if (!opened && !context.explicit) return null;
    const from = opened?.from ?? context.pos;
    return {
      from,
      filter: false,
      options: words.facts.map(
        (fact): Completion => ({
          label: fact.insert,
          detail: fact.about,
          apply: (view: EditorView, completion: Completion, _: number, to: number) => {
            const closes = view.state.sliceDoc(to, to + 2) === '}}' ? 2 : 0;
            view.dispatch({
              changes: { from, to: to + closes, insert: fact.insert },
              selection: { anchor: from + fact.insert.length },
              annotations: pickedCompletion.of(completion),
            });
          },
        }),
      ),
    };
  };
}

export function variables(words: EditorWords): Extension {
  return [marks, told(words), autocompletion({ override: [complete(words)], icons: false, activateOnTyping: true })];
}
