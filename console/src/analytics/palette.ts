/**
 * Colours of charts, in light and in dark. They are told apart with any kind of colour blindness, and from the panel they
 * stand on at 3:1; `palette.test.ts` sees to it.
 */
export const COLOURS = {
  customers: ['#1c3f7d', '#4483bb'],
  agent: ['#1ca49c', '#86e3c3'],
  human: ['#dc7300', '#f6a72c'],
  system: ['#666a6d', '#9ea7a8'],
  trouble: ['#7d0526', '#cf3b62'],
} as const satisfies Record<string, readonly [light: string, dark: string]>;

export type Colour = keyof typeof COLOURS;

export const PANEL = ['#ffffff', '#1a1f1e'] as const;

/** The colour as CSS takes it. */
export function colour(name: Colour): string {
  return `light-dark(${COLOURS[name].join(', ')})`;
}
