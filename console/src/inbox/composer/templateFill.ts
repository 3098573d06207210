/** A template's gaps, and what a message looks like that fills them. Meta's own shapes. */
import type { Schemas } from '~/api/client';

import type { Content } from './outbox';

type Template = Pick<Schemas['Template'], 'name' | 'language' | 'components' | 'parameter_format'>;
type Free = Record<string, unknown>;

export interface Gap {
  id: string;
  part: 'header' | 'body' | 'button' | 'offer';
  kind: 'text' | 'file' | 'code' | 'time';
  /** The gap's name or number; of a button, what stands on it; of a file, its kind. */
  name: string;
  example?: string;
}

export interface ReadTemplate {
  head?: { format: string; text: string };
  body: string;
  footer: string;
  buttons: { type: string; text: string }[];
  gaps: Gap[];
  /** Parts that are only filled by programs. */
  isBeyondUs: boolean;
}

const FILES = new Map([
  ['IMAGE', 'image'],
  ['VIDEO', 'video'],
  ['GIF', 'video'],
  ['DOCUMENT', 'document'],
]);

const text = (value: unknown) => (typeof value === 'string' ? value : '');
const list = (value: unknown) => (Array.isArray(value) ? (value as unknown[]) : []);
const upper = (value: unknown) => text(value).toUpperCase();

/** The names or numbers between `{{` and `}}`, each once; numbers in their order. */
export function gapsIn(words: string): string[] {
  const names = [...words.matchAll(/\{\{([^{}]+)\}\}/g)].map((found) => found[1]!.trim());
  return [...new Set(names)].sort((one, other) => (Number(one) || 0) - (Number(other) || 0));
}

export function readTemplate({ components }: Template): ReadTemplate {
  const parts = list(components) as Free[];
  const of = (type: string) => parts.find((part) => upper(part.type) === type);
  const [header, body, footer, buttons, offer] = ['HEADER', 'BODY', 'FOOTER', 'BUTTONS', 'LIMITED_TIME_OFFER'].map(of);
  const gaps: Gap[] = [];
  let isBeyondUs = of('CAROUSEL') !== undefined;

  const format = header ? upper(header.format) || 'TEXT' : '';
  if (header && format === 'TEXT') gaps.push(...wordGaps('header', header));
  else if (FILES.has(format)) gaps.push({ id: 'header', part: 'header', kind: 'file', name: FILES.get(format)! });
  else if (header) isBeyondUs = true;
  if (body) gaps.push(...wordGaps('body', body));
  if ((offer?.limited_time_offer as Free | undefined)?.has_expiration === true) {
    gaps.push({ id: 'offer', part: 'offer', kind: 'time', name: 'offer' });
  }
  const all = list(buttons?.buttons) as Free[];
  all.forEach((button, at) => {
    const type = upper(button.type);
    const gap = { id: `button:${at}`, part: 'button' as const, name: text(button.text), example: text(list(button.example)[0] ?? button.example) };
    if ((type === 'URL' && gapsIn(text(button.url)).length > 0) || type === 'OTP') gaps.push({ ...gap, kind: 'text' });
    if (type === 'COPY_CODE') gaps.push({ ...gap, kind: 'code' });
    if (type === 'MPM') isBeyondUs = true;
  });
  return {
    head: header && { format, text: text(header.text) },
    body: text(body?.text),
    footer: text(footer?.text),
    buttons: all.map((button) => ({ type: upper(button.type), text: text(button.text) })),
    gaps,
    isBeyondUs,
  };
}

function wordGaps(part: 'header' | 'body', component: Free): Gap[] {
  const example = (component.example ?? {}) as Free;
  const counted = part === 'body' ? list(list(example.body_text)[0]) : list(example.header_text);
  const named = list(example[`${part}_text_named_params`]) as Free[];
  return gapsIn(text(component.text)).map((name, at) => {
    const byName = named.find((one) => one.param_name === name)?.example;
    return { id: `${part}:${name}`, part, kind: 'text', name, example: text(byName ?? counted[at]) || undefined };
  });
}

/** The words of a part with its gaps filled; a gap that nothing fills stays as it is. */
export function filled(words: string, part: 'header' | 'body', values: Record<string, string>): string {
  return words.replace(/\{\{([^{}]+)\}\}/g, (gap, name: string) => values[`${part}:${name.trim()}`]?.trim() || gap);
}

export const isWhole = ({ gaps }: ReadTemplate, values: Record<string, string>) =>
  gaps.every(({ id, kind }) => (values[id] ?? '').trim() !== '' && (kind !== 'time' || Number.isFinite(Date.parse(values[id]!))));

/** The message that fills the gaps. */
export function toContent(template: Template, read: ReadTemplate, values: Record<string, string>): Content {
  const isNamed = template.parameter_format.toLowerCase() === 'named';
  const value = (gap: Gap) => (values[gap.id] ?? '').trim();
  const words = (gap: Gap) => ({ type: 'text', ...(isNamed ? { parameter_name: gap.name } : {}), text: value(gap) });
  const components: Free[] = [];
  for (const part of ['header', 'body'] as const) {
    const gaps = read.gaps.filter((gap) => gap.part === part);
    const parameters = gaps.map((gap) => (gap.kind === 'file' ? { type: gap.name, [gap.name]: { id: value(gap) } } : words(gap)));
    if (parameters.length > 0) components.push({ type: part, parameters });
  }
  for (const gap of read.gaps) {
    if (gap.part === 'offer') {
      const ends = { expiration_time_ms: Date.parse(value(gap)) };
      components.push({ type: 'limited_time_offer', parameters: [{ type: 'limited_time_offer', limited_time_offer: ends }] });
    }
    if (gap.part !== 'button') continue;
    const index = Number(gap.id.split(':')[1]);
    components.push(
      gap.kind === 'code'
        ? { type: 'button', sub_type: 'copy_code', index, parameters: [{ type: 'coupon_code', coupon_code: value(gap) }] }
        : { type: 'button', sub_type: 'url', index, parameters: [{ type: 'text', text: value(gap) }] },
    );
  }
  const { name, language } = template;
  return {
    type: 'template',
    template: { name, language: { code: language }, ...(components.length > 0 ? { components } : {}) },
  } as unknown as Content;
}
