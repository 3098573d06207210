import { expect, it } from 'vitest';

import { promptParts } from './promptParts';

const PROMPT = `Be kind.

# Facts

- Now: today

# Passages found for the question

Source: hours.md > Opening times
<passage>
We open at 8.
</passage>
Source: prices.csv
<passage>
product: Rye
</passage>
`;

it('tells instructions, passages and the frame apart, and loses nothing', () => {
  const parts = promptParts(PROMPT, 'Be kind.\n');
  expect(parts.map((part) => part.kind)).toEqual(['instructions', 'frame', 'passage', 'passage']);
  expect(parts[2]?.text).toBe('Source: hours.md > Opening times\n<passage>\nWe open at 8.\n</passage>\n');
  expect(parts.map((part) => part.text).join('')).toBe(PROMPT);
});

it('takes a prompt of a template of one’s own as it is', () => {
  expect(promptParts('Hello. Be kind.', 'Be kind.')).toEqual([{ kind: 'frame', text: 'Hello. Be kind.' }]);
});
