/** A system prompt taken apart for the eye: whose words are where. */

export interface PromptPart {
  kind: 'instructions' | 'passage' | 'frame';
  text: string;
}

const PASSAGE = /(?:^Source: .*\n)?^<passage>\n[\s\S]*?\n<\/passage>\n?/gm;

export function promptParts(prompt: string, instructions: string): PromptPart[] {
  const own = instructions.trimEnd();
  const parts: PromptPart[] = [];
  let rest = prompt;
  if (own !== '' && prompt.startsWith(own)) {
    parts.push({ kind: 'instructions', text: own });
    rest = prompt.slice(own.length);
  }
  let told = 0;
  for (const found of rest.matchAll(PASSAGE)) {
    if (found.index > told) parts.push({ kind: 'frame', text: rest.slice(told, found.index) });
    parts.push({ kind: 'passage', text: found[0] });
    told = found.index + found[0].length;
  }
  if (told < rest.length) parts.push({ kind: 'frame', text: rest.slice(told) });
  return parts;
}
