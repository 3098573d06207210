import { expect, it } from 'vitest';

import { mark, wantedWords } from './marks';

const marked = (text: string, question: string) =>
  mark(text, wantedWords(question))
    .filter((piece) => piece.marked)
    .map((piece) => piece.text);

it('marks the words of a question, whatever their case, accents and endings', () => {
  expect(marked('On Sunday we OPEN at 8:00.', 'What time do you open on Sundays?')).toEqual(['Sunday', 'OPEN']);
  expect(marked('El café cuesta 2,50.', 'cuánto cuesta un cafe')).toEqual(['café', 'cuesta']);
  expect(marked('نفتح يوم الأحد', 'متى تفتحون يوم الأحد؟')).toEqual(['يوم', 'الأحد']);
});

it('leaves the text as it was', () => {
  const text = 'We  open\nat 8, "sharp".';
  expect(mark(text, wantedWords('open sharp')).map((piece) => piece.text).join('')).toBe(text);
  expect(mark(text, wantedWords('the of and'))).toEqual([{ text, marked: false }]);
});

it('does not take short words for endings of each other', () => {
  expect(marked('The cat sat on a car.', 'cart')).toEqual([]);
});
