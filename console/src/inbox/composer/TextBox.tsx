import { type ClipboardEvent, type KeyboardEvent, type RefObject, useImperativeHandle, useLayoutEffect, useRef } from 'react';

import { inserted, type Mark, marked, prefixed, type Selected } from './formatting';
import classes from './TextBox.module.css';

export interface TextBoxHandle {
  focus: () => void;
  insert: (words: string) => void;
  mark: (mark: Mark) => void;
  begin: (prefix: '> ' | '- ' | '1. ') => void;
}

const MARKS: Record<string, Mark> = { b: '*', i: '_', e: '`' };
/** On a touch screen the key that sends is a button. */
const isTouch = () => matchMedia('(pointer: coarse)').matches;

/** What is written. It grows with its words up to a third of the window. */
export function TextBox({
  handle,
  value,
  label,
  placeholder,
  disabled,
  onChange,
  onSend,
  onDraft,
  onFiles,
  onLeave,
}: {
  handle: RefObject<TextBoxHandle | null>;
  value: string;
  label: string;
  placeholder: string;
  disabled?: boolean;
  onChange: (text: string) => void;
  onSend: () => void;
  onDraft?: () => void;
  onFiles?: (files: File[]) => void;
  onLeave: () => void;
}) {
  const box = useRef<HTMLTextAreaElement>(null);
  /** Where the caret goes once the words are in. */
  const caret = useRef<[number, number]>(undefined);

  useLayoutEffect(() => {
    const area = box.current;
    if (!area) return;
    area.style.blockSize = 'auto';
    area.style.blockSize = `${area.scrollHeight}px`;
    if (caret.current) {
      area.setSelectionRange(...caret.current);
      caret.current = undefined;
    }
  }, [value]);

  const change = (how: (selected: Selected) => Selected) => {
    const area = box.current;
    if (!area) return;
    const { text, start, end } = how({ text: value, start: area.selectionStart, end: area.selectionEnd });
    caret.current = [start, end];
    onChange(text);
    area.focus();
  };
  const mark = (by: Mark) => change((selected) => marked(selected, by));
  useImperativeHandle(handle, () => ({
    focus: () => box.current?.focus(),
    insert: (words) => change((selected) => inserted(selected, words)),
    mark,
    begin: (prefix) => change((selected) => prefixed(selected, prefix)),
  }));

  const keys = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    const mod = event.metaKey || event.ctrlKey;
    const key = event.key.toLowerCase();
    const take = (action: () => void) => {
      event.preventDefault();
      action();
    };
    // A word that is being put together, such as in Japanese, ends with Enter too.
    if (event.nativeEvent.isComposing) return;
    if (event.key === 'Enter' && !event.shiftKey && !event.altKey && (mod || !isTouch())) take(onSend);
    else if (event.key === 'Escape') take(onLeave);
    else if (mod && event.shiftKey && key === 'x') take(() => mark('~'));
    else if (mod && event.shiftKey && key === 'd' && onDraft) take(onDraft);
    else if (mod && !event.shiftKey && !event.altKey && MARKS[key]) take(() => mark(MARKS[key]!));
  };

  const paste = (event: ClipboardEvent) => {
    const files = [...event.clipboardData.files];
    if (files.length === 0 || !onFiles) return;
    event.preventDefault();
    onFiles(files);
  };

  return (
    <textarea
      ref={box}
      className={classes.box}
      rows={1}
      dir="auto"
      aria-label={label}
      placeholder={placeholder}
      disabled={disabled}
      value={value}
      enterKeyHint={isTouch() ? 'enter' : 'send'}
      onChange={(event) => onChange(event.currentTarget.value)}
      onKeyDown={keys}
      onPaste={paste}
    />
  );
}
