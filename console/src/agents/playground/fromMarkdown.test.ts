import { expect, it } from 'vitest';

import { fromMarkdown } from './fromMarkdown';

it('shows Markdown as WhatsApp would', () => {
  expect(fromMarkdown('## Hours\n**open** [here](https://x.test)')).toBe('*Hours*\n*open* here (https://x.test)');
  expect(fromMarkdown('2 * 3, a_b, ~~old~~')).toBe('2 * 3, a_b, ~old~');
});
