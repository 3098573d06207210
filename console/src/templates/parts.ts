/** What a template is made of, read from Meta's own shape, whoever wrote it. */

export interface TemplateButton {
  type: string;
  text?: string;
  url?: string;
  phone_number?: string;
  example?: string;
  flow_id?: string;
}

export interface TemplateParts {
  header?: { format: string; text?: string; handle?: string };
  body?: string;
  footer?: string;
  buttons: TemplateButton[];
  cards: TemplateParts[];
  offer?: string;
  /** An authentication template's: Meta writes the words. */
  security?: boolean;
  expires?: number;
  /** By the variable's name: what stands for it while Meta looks. */
  samples: Record<string, string>;
  headerSample?: string;
  /** Types that nothing here knows. */
  others: string[];
}

type Loose = Record<string, unknown>;

const VARIABLE = /\{\{([^{}]*)\}\}/g;

const text = (value: unknown) => (typeof value === 'string' ? value : undefined);
const list = (value: unknown): Loose[] => (Array.isArray(value) ? value.filter((one) => one && typeof one === 'object') : []);
const object = (value: unknown): Loose => (value && typeof value === 'object' ? (value as Loose) : {});
/** A text, or a list of one: Meta shows it either way. */
const one = (value: unknown) => text(Array.isArray(value) ? value[0] : value);

/** The names of a text's variables, each once, in order. */
export function namesIn(words: string): string[] {
  return [...new Set([...words.matchAll(VARIABLE)].map((found) => found[1] ?? ''))];
}

/** A text with its variables filled, or with them where nothing fills them. */
export function fill(words: string, samples: Record<string, string>, show: (sample: string) => string = (it) => it): string {
  return words.replace(VARIABLE, (gap, name: string) => show(samples[name] || gap));
}

function samplesOf(words: string, example: Loose, key: string): Record<string, string> {
  const samples: Record<string, string> = {};
  for (const given of list(example[`${key}_named_params`])) {
    const name = text(given.param_name);
    if (name) samples[name] = text(given.example) ?? '';
  }
  const plain = example[key];
  const listed = Array.isArray(plain) && Array.isArray(plain[0]) ? plain[0] : plain;
  if (Array.isArray(listed)) {
    const numbers = namesIn(words).sort((a, b) => Number(a) - Number(b));
    numbers.forEach((name, at) => (samples[name] ??= text(listed[at]) ?? ''));
  }
  return samples;
}

function buttonOf(button: Loose): TemplateButton {
  return {
    type: (text(button.type) ?? '').toUpperCase(),
    text: text(button.text),
    url: text(button.url),
    phone_number: text(button.phone_number),
    example: one(button.example),
    flow_id: text(button.flow_id),
  };
}

export function partsOf(components: unknown): TemplateParts {
  const parts: TemplateParts = { buttons: [], cards: [], samples: {}, others: [] };
  for (const component of list(components)) {
    const example = object(component.example);
    const words = text(component.text);
    switch ((text(component.type) ?? '').toUpperCase()) {
      case 'HEADER': {
        const format = (text(component.format) ?? 'TEXT').toUpperCase();
        parts.header = { format, text: words, handle: one(example.header_handle) };
        parts.headerSample = Object.values(samplesOf(words ?? '', example, 'header_text'))[0];
        break;
      }
      case 'BODY':
        parts.body = words;
        parts.samples = samplesOf(words ?? '', example, 'body_text');
        parts.security = component.add_security_recommendation === true;
        break;
      case 'FOOTER':
        parts.footer = words;
        parts.expires = typeof component.code_expiration_minutes === 'number' ? component.code_expiration_minutes : undefined;
        break;
      case 'BUTTONS':
        parts.buttons = list(component.buttons).map(buttonOf);
        break;
      case 'CAROUSEL':
        parts.cards = list(component.cards).map((card) => partsOf(card.components));
        break;
      case 'LIMITED_TIME_OFFER':
        parts.offer = text(object(component.limited_time_offer).text);
        break;
      default:
        parts.others.push(text(component.type) ?? '?');
    }
  }
  return parts;
}
