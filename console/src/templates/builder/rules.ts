/**
 * What Meta would refuse, told while one types. The gateway checks the same and more when it is handed in
 * (`src/whatsapp/definition.rs`); each problem here has a sentence among the words.
 */
import { namesIn } from '../parts';
import { type ButtonDraft, type Draft, isFile, MOST } from './draft';

export const MAX = { name: 512, header: 60, body: 1024, footer: 60, label: 25, url: 2000, phone: 20, code: 20, sample: 1024 };

/** How long Meta may try to deliver, in seconds. */
export const TTL = { AUTHENTICATION: [30, 900], UTILITY: [30, 43_200], MARKETING: [43_200, 2_592_000] } as const;

export type Problem =
  | 'missing'
  | 'name'
  | 'tooLong'
  | 'brace'
  | 'noVariables'
  | 'oneVariable'
  | 'numbered'
  | 'namedLower'
  | 'edges'
  | 'neighbours'
  | 'dense'
  | 'sample'
  | 'handle'
  | 'gif'
  | 'url'
  | 'urlVariable'
  | 'phone'
  | 'together'
  | 'ttl';

/** By the draft's field; buttons by `buttons.<key>.<field>`, samples by `samples.<name>`. */
export type Problems = Partial<Record<string, Problem>>;

const WORDS_PER_VARIABLE = 2;

function ofVariables(text: string, named: boolean, most: number): Problem | null {
  if (text.replace(/\{\{[^{}]*\}\}/g, '').includes('{{')) return 'brace';
  const names = namesIn(text);
  if (names.length > most) return most === 0 ? 'noVariables' : 'oneVariable';
  if (named) return names.every((name) => /^[a-z][a-z0-9_]*$/.test(name)) ? null : 'namedLower';
  const numbers = names.map(Number).sort((a, b) => a - b);
  return numbers.every((number, at) => number === at + 1) ? null : 'numbered';
}

function ofBody(draft: Draft): Problem | null {
  const text = draft.body.trim();
  if (!text) return 'missing';
  if (draft.body.length > MAX.body) return 'tooLong';
  const wrong = ofVariables(draft.body, draft.named, Infinity);
  const names = namesIn(draft.body);
  if (wrong || names.length === 0) return wrong;
  if (text.startsWith('{{') || text.endsWith('}}')) return 'edges';
  if (/\}\}\s*\{\{/.test(text)) return 'neighbours';
  const words = text.replace(/\{\{[^{}]*\}\}/g, ' ').split(/\s+/).filter(Boolean).length;
  return words < names.length * WORDS_PER_VARIABLE ? 'dense' : null;
}

function ofButton(button: ButtonDraft, found: Problems) {
  const at = `buttons.${button.key}`;
  if (button.type !== 'COPY_CODE') {
    if (!button.text.trim()) found[`${at}.text`] = 'missing';
    else if (button.text.length > MAX.label) found[`${at}.text`] = 'tooLong';
    else if (button.text.includes('{{')) found[`${at}.text`] = 'noVariables';
  }
  if (button.type === 'COPY_CODE' && !button.example.trim()) found[`${at}.example`] = 'missing';
  if (button.type === 'FLOW' && !button.flow_id.trim()) found[`${at}.flow_id`] = 'missing';
  if (button.type === 'PHONE_NUMBER' && !button.phone_number.trim()) found[`${at}.phone_number`] = 'missing';
  else if (button.type === 'PHONE_NUMBER' && !/^\+?[ ()-]*[0-9]([ ()-]*[0-9]){6,19}[ ()-]*$/.test(button.phone_number)) {
    found[`${at}.phone_number`] = 'phone';
  }
  if (button.type !== 'URL') return;
  if (!button.url.trim()) found[`${at}.url`] = 'missing';
  else if (!/^https?:\/\/[^\s]+$/.test(button.url)) found[`${at}.url`] = 'url';
  else if (button.url.includes('{{')) {
    if (!/^[^{}]*\{\{[^{}]+\}\}$/.test(button.url)) found[`${at}.url`] = 'urlVariable';
    else if (!/^https?:\/\/[^\s{}]+$/.test(button.example)) found[`${at}.example`] = 'sample';
  }
}

export function problemsOf(draft: Draft): Problems {
  const found: Problems = {};
  const set = (field: string, problem: Problem | null) => {
    if (problem) found[field] = problem;
  };
  if (!draft.number_id) found.number_id = 'missing';
  if (!draft.name) found.name = 'missing';
  else if (!/^[a-z0-9_]+$/.test(draft.name)) found.name = 'name';
  const [shortest, longest] = TTL[draft.category];
  const isForever = draft.ttl === -1 && draft.category !== 'MARKETING';
  if (draft.ttl !== null && !isForever && (draft.ttl < shortest || draft.ttl > longest)) found.ttl = 'ttl';
  if (draft.category === 'AUTHENTICATION') return found;

  if (draft.header === 'TEXT') {
    if (!draft.headerText.trim()) found.headerText = 'missing';
    else if (draft.headerText.length > MAX.header) found.headerText = 'tooLong';
    else set('headerText', ofVariables(draft.headerText, draft.named, 1));
    if (!found.headerText && namesIn(draft.headerText).length > 0 && !draft.headerSample.trim()) {
      found.headerSample = 'sample';
    }
  }
  if (draft.header === 'GIF' && draft.category !== 'MARKETING') found.header = 'gif';
  if (isFile(draft.header) && !draft.headerHandle.trim()) found.headerHandle = 'handle';
  set('body', ofBody(draft));
  for (const name of namesIn(draft.body)) {
    if (!draft.samples[name]?.trim()) found[`samples.${name}`] = 'sample';
  }
  if (draft.footer.length > MAX.footer) found.footer = 'tooLong';
  else if (draft.footer.includes('{{')) found.footer = 'noVariables';
  for (const button of draft.buttons) ofButton(button, found);
  const runs = draft.buttons.filter(
    (button, at) => at === 0 || (button.type === 'QUICK_REPLY') !== (draft.buttons[at - 1]?.type === 'QUICK_REPLY'),
  );
  if (runs.length > 2) found.buttons = 'together';
  return found;
}

/** Whether one more of a kind may be added. */
export function hasRoom(draft: Draft, type: ButtonDraft['type']): boolean {
  return draft.buttons.filter((button) => button.type === type).length < MOST[type];
}

/** Where a field that the API names (`components[1].buttons[0].url`) is in the draft; null when nowhere. */
export function fieldOf(field: string, draft: Draft, types: string[]): string | null {
  const [, at, rest = ''] = /^components\[(\d+)\]\.?(.*)$/.exec(field) ?? [];
  if (at === undefined) return field in draft ? field : field === 'message_send_ttl_seconds' ? 'ttl' : null;
  switch (types[Number(at)]) {
    case 'HEADER':
      if (rest.includes('header_handle')) return 'headerHandle';
      if (rest.includes('example')) return 'headerSample';
      return rest === 'format' ? 'header' : 'headerText';
    case 'BODY':
      return 'body';
    case 'FOOTER':
      return rest.includes('code_expiration') ? 'expires' : 'footer';
    case 'BUTTONS': {
      const [, place, inside = ''] = /^buttons\[(\d+)\]\.?(\w*)/.exec(rest) ?? [];
      const button = place === undefined ? undefined : draft.buttons[Number(place)];
      return button ? `buttons.${button.key}.${inside || 'text'}` : 'buttons';
    }
    default:
      return null;
  }
}
