/** `{{…}}` in instructions. */

export const GAP = /\{\{\s*([^{}\n]*?)\s*\}\}/g;

/**
 * What the gateway's prompt templates know (`prompts/system.md`). The prompt tells these facts to the model by itself;
 * instructions are put into it as they are written, so that nothing is filled in inside of them.
 */
export const FACTS = ['facts.business_name', 'facts.contact_name', 'facts.now', 'passages'] as const;
export type Fact = (typeof FACTS)[number];

export function isFact(name: string): name is Fact {
  return (FACTS as readonly string[]).includes(name);
}

/** Every gap of a text once, in order. */
export function gapsIn(text: string): string[] {
  return [...new Set([...text.matchAll(GAP)].map((found) => found[0]))];
}
