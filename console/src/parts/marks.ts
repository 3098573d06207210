/**
 * Which words of a passage are those that were asked for. The gateway's index cuts endings and leaves out stop words in the
 * files' language; here the same is done roughly, for the eye alone.
 */

/** Words that are in every sentence, in the languages of the console and their neighbours. */
const EVERYDAY = new Set(
  (
    'a an and any are as at be been but by can could did do does for from had has have how i if in into is it its may me my no not of on or our ' +
    'she so some than that the their them then there they this to up us was we were what when where which who why will with would you your ' +
    'al algo como con cual cuando de del desde donde el ella en entre era es esta este hay la las le les lo los mas me mi muy no nos o para pero ' +
    'por porque que quien se si sin son su sus te tiene tu un una uno y ya ' +
    'ao aos as ate com da das do dos e ela ele em esse essa eu foi isso mais mas meu minha na nas nao nem nos num o os ou para pela pelo por qual quais ' +
    'quando quem sao se sem ser seu sua tem um uma voce ' +
    'aber als am an auch auf aus bei bin das dem den der des die du ein eine er es fur hat ich ihr im ist ja kann man mit nach nicht noch oder sie sind und ' +
    'uns von war was wenn wer wie wir zu zum zur ' +
    'au aux avec ce ces dans des elle est et il ils je les leur ma mes mon ne nous ou par pas plus pour qu que qui sa ses son sur ta te tu une vous ' +
    'في من على إلى عن مع هل ما ماذا متى كيف أين هو هي هذا هذه ذلك التي الذي أن إن لا لم لن قد كان أو ثم كل و'
  ).split(' '),
);
const LONGEST_ENDING = 3;
const SHORTEST_STEM = 4;

/** Lower case, without accents. */
function plain(word: string): string {
  return word.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
}

const everyday = new Set([...EVERYDAY].map(plain));

interface Word {
  text: string;
  at: number;
}

function wordsOf(text: string): Word[] {
  const segments = new Intl.Segmenter(undefined, { granularity: 'word' }).segment(text);
  return [...segments].filter((part) => part.isWordLike).map((part) => ({ text: part.segment, at: part.index }));
}

/** The words of a question that are worth looking for. */
export function wantedWords(question: string): string[] {
  const all = wordsOf(question.slice(0, 1000)).map((word) => plain(word.text));
  return [...new Set(all)].filter((word) => !everyday.has(word));
}

/** `opens` and `opening` for `open`: alike but for a short ending. */
function alike(one: string, other: string): boolean {
  if (one === other) return true;
  const shorter = Math.min(one.length, other.length);
  let common = 0;
  while (common < shorter && one[common] === other[common]) common += 1;
  return common >= SHORTEST_STEM && Math.max(one.length, other.length) - common <= LONGEST_ENDING;
}

export interface Piece {
  text: string;
  marked: boolean;
}

/** `text` in pieces, those marked that the question asks for. */
export function mark(text: string, wanted: string[]): Piece[] {
  if (wanted.length === 0) return [{ text, marked: false }];
  const pieces: Piece[] = [];
  let told = 0;
  for (const word of wordsOf(text)) {
    const own = plain(word.text);
    if (!wanted.some((one) => alike(one, own))) continue;
    if (word.at > told) pieces.push({ text: text.slice(told, word.at), marked: false });
    pieces.push({ text: word.text, marked: true });
    told = word.at + word.text.length;
  }
  if (told < text.length) pieces.push({ text: text.slice(told), marked: false });
  return pieces;
}
