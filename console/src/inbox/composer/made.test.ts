import { describe, expect, it } from 'vitest';

import { EMPTY, problemOf, toContent as toTaps } from './builder';
import { filled, isWhole, readTemplate, toContent } from './templateFill';

const template = (components: unknown[], over = {}) => ({
  name: 'order', language: 'en_US', parameter_format: 'positional', components, ...over,
});

describe('a template', () => {
  const order = template([
    { type: 'HEADER', format: 'IMAGE' },
    { type: 'BODY', text: '{{2}} for {{1}}', example: { body_text: [['Ana', 'A cake']] } },
    { type: 'FOOTER', text: 'Miga' },
    { type: 'BUTTONS', buttons: [{ type: 'QUICK_REPLY', text: 'Ok' }, { type: 'URL', text: 'Track', url: 'https://x/{{1}}' }] },
  ]);

  it('tells its gaps in their order, with examples', () => {
    const read = readTemplate(order);
    expect(read.gaps.map(({ id, kind, example }) => [id, kind, example])).toEqual([
      ['header', 'file', undefined], ['body:1', 'text', 'Ana'], ['body:2', 'text', 'A cake'], ['button:1', 'text', ''],
    ]);
    expect(read.isBeyondUs).toBe(false);
    expect(isWhole(read, { header: 'med_1', 'body:1': 'Ana', 'body:2': 'Cake' })).toBe(false);
  });

  it('is filled as Meta wants it', () => {
    const values = { header: 'med_1', 'body:1': 'Ana', 'body:2': 'Cake', 'button:1': '77' };
    expect(toContent(order, readTemplate(order), values)).toEqual({
      type: 'template',
      template: {
        name: 'order',
        language: { code: 'en_US' },
        components: [
          { type: 'header', parameters: [{ type: 'image', image: { id: 'med_1' } }] },
          { type: 'body', parameters: [{ type: 'text', text: 'Ana' }, { type: 'text', text: 'Cake' }] },
          { type: 'button', sub_type: 'url', index: 1, parameters: [{ type: 'text', text: '77' }] },
        ],
      },
    });
    expect(filled('{{2}} for {{1}}', 'body', { 'body:1': 'Ana' })).toBe('{{2}} for Ana');
  });

  it('may name its gaps, or have parts that only programs fill', () => {
    const named = template([{ type: 'BODY', text: 'Hi {{first_name}}' }], { parameter_format: 'NAMED' });
    const sent = toContent(named, readTemplate(named), { 'body:first_name': 'Ana' });
    expect(JSON.stringify(sent)).toContain('"parameter_name":"first_name"');
    expect(readTemplate(template([{ type: 'CAROUSEL', cards: [] }])).isBeyondUs).toBe(true);
    expect(JSON.stringify(toContent(template([]), readTemplate(template([])), {}))).not.toContain('components');
  });
});

describe('something to tap', () => {
  it('says what is missing', () => {
    const button = { ...EMPTY, body: 'Keep one?' };
    expect(problemOf(EMPTY)).toBe('body');
    expect(problemOf(button)).toBe('buttons');
    expect(problemOf({ ...button, buttons: ['Yes', 'Yes'] })).toBe('doubles');
    expect(problemOf({ ...button, buttons: ['Yes', ''] })).toBeUndefined();
    const rows = Array.from({ length: 11 }, (_, at) => ({ title: `r${at}`, description: '' }));
    expect(problemOf({ ...button, kind: 'list', opener: 'Choose', sections: [{ title: '', rows }] })).toBe('manyRows');
    expect(problemOf({ ...button, kind: 'cta_url', label: 'Go', url: 'javascript:x' })).toBe('url');
  });

  it('becomes Meta’s own object', () => {
    expect(toTaps({ ...EMPTY, body: ' Keep one? ', buttons: ['Sí, por favor', ''], footer: 'Miga' })).toEqual({
      type: 'interactive',
      interactive: {
        type: 'button',
        body: { text: 'Keep one?' },
        footer: { text: 'Miga' },
        action: { buttons: [{ type: 'reply', reply: { id: 'si-por-favor-1', title: 'Sí, por favor' } }] },
      },
    });
  });
});
