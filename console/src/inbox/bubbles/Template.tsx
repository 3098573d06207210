import { IconTemplate } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';

import type { Schemas } from '~/api/client';

import type { Message } from '../queries';
import { Words } from '../format/Words';
import classes from './Interactive.module.css';
import { DocumentFile, Film, Picture } from './Media';
import own from './Template.module.css';

const HEADERS = { '(image)': Picture, '(video)': Film, '(document)': DocumentFile } as const;

/** A template as it reads: its words with their gaps filled, and its buttons below. */
export function TemplateWords({ message, template }: { message: Message; template: Schemas['ShownTemplate'] }) {
  const { t } = useTranslation('inbox');
  const { head, words, buttons } = taken(message.text ?? '', template.name);
  const Header = head ? HEADERS[head] : undefined;
  return (
    <>
      <div className={own.name} title={t('type.template')}>
        <IconTemplate size={14} aria-hidden />
        <bdi>{template.name}</bdi>
      </div>
      {Header && message.media && <Header message={message} file={{}} />}
      <Words text={words || t('type.template')} id={message.id} />
      {buttons.length > 0 && (
        <div className={classes.taps}>
          {buttons.map((label) => (
            <span key={label} className={classes.tap}>
              <bdi>{label}</bdi>
            </span>
          ))}
        </div>
      )}
    </>
  );
}

/** The API tells a template as lines: a file above in parentheses, buttons below in brackets. */
export function taken(text: string, name: string): { head?: keyof typeof HEADERS; words: string; buttons: string[] } {
  if (text === `[${name}]`) return { words: '', buttons: [] };
  const lines = text.split('\n');
  const head = lines[0] && lines[0] in HEADERS ? (lines.shift() as keyof typeof HEADERS) : undefined;
  const buttons: string[] = [];
  for (let last = lines.at(-1); last !== undefined && /^\[.+\]$/.test(last); last = lines.at(-1)) {
    buttons.unshift(last.slice(1, -1));
    lines.pop();
  }
  return { head, words: lines.join('\n'), buttons };
}
