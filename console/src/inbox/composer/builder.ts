/** Messages with something to tap: what somebody filled in, as Meta's own object, and what is still missing. */
import { safeHref } from '../format/parse';
import type { Content } from './outbox';

export const KINDS = ['button', 'list', 'cta_url', 'location_request_message'] as const;
export type Kind = (typeof KINDS)[number];

export const MOST = { buttons: 3, rows: 10, button: 20, row: 24, description: 72, section: 24, header: 60, footer: 60, body: 1024, listBody: 4096 };

export interface Row {
  title: string;
  description: string;
}

export interface Form {
  kind: Kind;
  header: string;
  body: string;
  footer: string;
  buttons: string[];
  /** What stands on the button that opens the list. */
  opener: string;
  sections: { title: string; rows: Row[] }[];
  label: string;
  url: string;
}

export const EMPTY: Form = {
  kind: 'button',
  header: '',
  body: '',
  footer: '',
  buttons: ['', ''],
  opener: '',
  sections: [{ title: '', rows: [{ title: '', description: '' }] }],
  label: '',
  url: '',
};

export type Problem = 'body' | 'buttons' | 'doubles' | 'opener' | 'rows' | 'manyRows' | 'sections' | 'label' | 'url';

const titles = (texts: string[]) => texts.map((text) => text.trim()).filter((text) => text !== '');
const hasDoubles = (texts: string[]) => new Set(texts).size < texts.length;

export const bodyLimit = (kind: Kind) => (kind === 'list' ? MOST.listBody : MOST.body);
export const rowsOf = (form: Form) => form.sections.flatMap(({ rows }) => titles(rows.map((row) => row.title)));

/** What keeps it from being sent, the first that somebody would mend first. */
export function problemOf(form: Form): Problem | undefined {
  if (form.body.trim() === '') return 'body';
  switch (form.kind) {
    case 'button': {
      const buttons = titles(form.buttons);
      if (buttons.length === 0) return 'buttons';
      return hasDoubles(buttons) ? 'doubles' : undefined;
    }
    case 'list': {
      const sections = form.sections.filter(({ rows }) => titles(rows.map((row) => row.title)).length > 0);
      const rows = rowsOf(form);
      if (form.opener.trim() === '') return 'opener';
      if (rows.length === 0) return 'rows';
      if (rows.length > MOST.rows) return 'manyRows';
      if (sections.length > 1 && sections.some(({ title }) => title.trim() === '')) return 'sections';
      return undefined;
    }
    case 'cta_url':
      if (form.label.trim() === '') return 'label';
      return safeHref(form.url.trim()) ? undefined : 'url';
    case 'location_request_message':
      return undefined;
  }
}

/** An id that people can read in the answer too. */
function idOf(title: string, at: number): string {
  const word = title.toLowerCase().normalize('NFD').replace(/[^a-z0-9]+/g, '-').replace(/^-+|-+$/g, '').slice(0, 40);
  return `${word || 'choice'}-${at + 1}`;
}

export function toContent(form: Form): Content {
  const { kind } = form;
  const [header, footer] = [form.header.trim(), form.footer.trim()];
  const isPlain = kind === 'location_request_message';
  const interactive = {
    type: kind,
    ...(header && !isPlain ? { header: { type: 'text', text: header } } : {}),
    body: { text: form.body.trim() },
    ...(footer && !isPlain ? { footer: { text: footer } } : {}),
    action: actionOf(form),
  };
  return { type: 'interactive', interactive } as unknown as Content;
}

function actionOf(form: Form): unknown {
  switch (form.kind) {
    case 'button':
      return { buttons: titles(form.buttons).map((title, at) => ({ type: 'reply', reply: { id: idOf(title, at), title } })) };
    case 'list': {
      let at = 0;
      const sections = form.sections
        .map(({ title, rows }) => ({
          ...(title.trim() ? { title: title.trim() } : {}),
          rows: rows
            .filter((row) => row.title.trim() !== '')
            .map((row) => ({
              id: idOf(row.title, at++),
              title: row.title.trim(),
              ...(row.description.trim() ? { description: row.description.trim() } : {}),
            })),
        }))
        .filter(({ rows }) => rows.length > 0);
      return { button: form.opener.trim(), sections };
    }
    case 'cta_url':
      return { name: 'cta_url', parameters: { display_text: form.label.trim(), url: safeHref(form.url.trim()) } };
    case 'location_request_message':
      return { name: 'send_location' };
  }
}
