/** A template while it is written, and the way to Meta's shape and back. */
import type { Schemas } from '~/api/client';

import { namesIn, partsOf, type TemplateParts } from '../parts';

export type Category = Schemas['Category'];
export const CATEGORIES: Category[] = ['UTILITY', 'MARKETING', 'AUTHENTICATION'];

export const HEADERS = ['NONE', 'TEXT', 'IMAGE', 'VIDEO', 'GIF', 'DOCUMENT', 'LOCATION'] as const;
export type HeaderFormat = (typeof HEADERS)[number];
export const isFile = (format: HeaderFormat) => ['IMAGE', 'VIDEO', 'GIF', 'DOCUMENT'].includes(format);

export const BUTTONS = ['QUICK_REPLY', 'URL', 'PHONE_NUMBER', 'COPY_CODE', 'FLOW', 'VOICE_CALL'] as const;
export type ButtonType = (typeof BUTTONS)[number];
/** How many of a kind there may be. */
export const MOST: Record<ButtonType, number> = {
  QUICK_REPLY: 10,
  URL: 2,
  PHONE_NUMBER: 1,
  COPY_CODE: 1,
  FLOW: 1,
  VOICE_CALL: 1,
};
export const MOST_BUTTONS = 10;

export interface ButtonDraft {
  key: number;
  type: ButtonType;
  text: string;
  url: string;
  phone_number: string;
  /** A filled address, or a sample code. */
  example: string;
  flow_id: string;
}

export interface Draft {
  number_id: string;
  name: string;
  language: string;
  category: Category;
  named: boolean;
  header: HeaderFormat;
  headerText: string;
  headerSample: string;
  headerHandle: string;
  body: string;
  samples: Record<string, string>;
  footer: string;
  buttons: ButtonDraft[];
  ttl: number | null;
  /** Of authentication templates, whose words Meta writes. */
  security: boolean;
  expires: number | null;
  codeLabel: string;
}

let nextKey = 1;

export function newButton(type: ButtonType): ButtonDraft {
  return { key: nextKey++, type, text: '', url: '', phone_number: '', example: '', flow_id: '' };
}

export const emptyDraft: Draft = {
  number_id: '',
  name: '',
  language: 'en',
  category: 'UTILITY',
  named: false,
  header: 'NONE',
  headerText: '',
  headerSample: '',
  headerHandle: '',
  body: '',
  samples: {},
  footer: '',
  buttons: [],
  ttl: null,
  security: true,
  expires: 10,
  codeLabel: '',
};

type Components = Schemas['CreateTemplate']['components'];

function headerOf(draft: Draft): object[] {
  if (draft.header === 'NONE') return [];
  if (draft.header === 'LOCATION') return [{ type: 'HEADER', format: 'LOCATION' }];
  if (draft.header !== 'TEXT') {
    const example = draft.headerHandle ? { example: { header_handle: [draft.headerHandle] } } : {};
    return [{ type: 'HEADER', format: draft.header, ...example }];
  }
  const [name] = namesIn(draft.headerText);
  const sample = draft.named
    ? { header_text_named_params: [{ param_name: name, example: draft.headerSample }] }
    : { header_text: [draft.headerSample] };
  return [{ type: 'HEADER', format: 'TEXT', text: draft.headerText, ...(name === undefined ? {} : { example: sample }) }];
}

function bodyOf(draft: Draft): object {
  const names = namesIn(draft.body);
  if (names.length === 0) return { type: 'BODY', text: draft.body };
  const sample = (name: string) => draft.samples[name] ?? '';
  const example = draft.named
    ? { body_text_named_params: names.map((name) => ({ param_name: name, example: sample(name) })) }
    : { body_text: [[...names].sort((a, b) => Number(a) - Number(b)).map(sample)] };
  return { type: 'BODY', text: draft.body, example };
}

function buttonOf(button: ButtonDraft): object {
  const { type, text } = button;
  switch (type) {
    case 'URL': {
      const hasGap = button.url.includes('{{');
      return { type, text, url: button.url, ...(hasGap ? { example: [button.example] } : {}) };
    }
    case 'PHONE_NUMBER':
      return { type, text, phone_number: button.phone_number };
    case 'COPY_CODE':
      return { type, example: button.example };
    case 'FLOW':
      return { type, text, flow_id: button.flow_id };
    default:
      return { type, text };
  }
}

/** In Meta's shape. */
export function componentsOf(draft: Draft): Components {
  if (draft.category === 'AUTHENTICATION') {
    const label = draft.codeLabel.trim() ? { text: draft.codeLabel.trim() } : {};
    return [
      { type: 'BODY', add_security_recommendation: draft.security },
      ...(draft.expires === null ? [] : [{ type: 'FOOTER', code_expiration_minutes: draft.expires }]),
      { type: 'BUTTONS', buttons: [{ type: 'OTP', otp_type: 'COPY_CODE', ...label }] },
    ] as Components;
  }
  return [
    ...headerOf(draft),
    bodyOf(draft),
    ...(draft.footer.trim() ? [{ type: 'FOOTER', text: draft.footer }] : []),
    ...(draft.buttons.length > 0 ? [{ type: 'BUTTONS', buttons: draft.buttons.map(buttonOf) }] : []),
  ] as Components;
}

/** Whether the builder knows every part, so that nothing would be lost by saving. */
export function canBeEdited(parts: TemplateParts): boolean {
  const isKnown = (type: string) => (BUTTONS as readonly string[]).includes(type) || type === 'OTP';
  return (
    parts.others.length === 0 &&
    parts.cards.length === 0 &&
    parts.offer === undefined &&
    parts.buttons.every((button) => isKnown(button.type)) &&
    (!parts.header || (HEADERS as readonly string[]).includes(parts.header.format))
  );
}

/** A template as it can be written on. */
export function draftOf(template: Schemas['Template'], numberId: string): Draft {
  const parts = partsOf(template.components);
  const code = parts.buttons.find((button) => button.type === 'OTP');
  return {
    ...emptyDraft,
    number_id: numberId,
    name: template.name,
    language: template.language,
    category: CATEGORIES.find((category) => category === template.category) ?? 'UTILITY',
    named: template.parameter_format === 'named',
    header: (parts.header?.format as HeaderFormat | undefined) ?? 'NONE',
    headerText: parts.header?.text ?? '',
    headerSample: parts.headerSample ?? '',
    headerHandle: parts.header?.handle ?? '',
    body: parts.body ?? '',
    samples: parts.samples,
    footer: parts.footer ?? '',
    buttons: parts.buttons
      .filter((button) => button.type !== 'OTP')
      .map((button) => ({
        key: nextKey++,
        type: button.type as ButtonType,
        text: button.text ?? '',
        url: button.url ?? '',
        phone_number: button.phone_number ?? '',
        example: button.example ?? '',
        flow_id: button.flow_id ?? '',
      })),
    security: code ? (parts.security ?? false) : emptyDraft.security,
    expires: parts.expires ?? (code ? null : emptyDraft.expires),
    codeLabel: code?.text ?? '',
  };
}
