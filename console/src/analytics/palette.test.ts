import { describe, expect, it } from 'vitest';

import { COLOURS, PANEL } from './palette';

type Triple = [number, number, number];

/** What light of red, green and blue looks like (Machado, Oliveira and Fernandes 2009, whole deficiency). */
const SIGHTS: Record<string, [Triple, Triple, Triple]> = {
  'all colours': [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  'no red': [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  'no green': [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  'no blue': [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.303900],
  ],
};

function linear(hex: string): Triple {
  const part = (at: number) => {
    const value = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  };
  return [part(1), part(3), part(5)];
}

const dot = (a: Triple, b: Triple) => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
const clamp = (value: number) => Math.min(1, Math.max(0, value));

/** Where a colour lies among all that are seen (OKLab). */
function seen(hex: string, sight: [Triple, Triple, Triple]): Triple {
  const light = sight.map((row) => clamp(dot(row, linear(hex)))) as Triple;
  const cones = (
    [
      [0.4122214708, 0.5363325363, 0.0514459929],
      [0.2119034982, 0.6806995451, 0.1073969566],
      [0.0883024619, 0.2817188376, 0.6299787005],
    ] as Triple[]
  ).map((row) => Math.cbrt(dot(row, light))) as Triple;
  return (
    [
      [0.2104542553, 0.793617785, -0.0040720468],
      [1.9779984951, -2.428592205, 0.4505937099],
      [0.0259040371, 0.7827717662, -0.808675766],
    ] as Triple[]
  ).map((row) => dot(row, cones)) as Triple;
}

function contrast(a: string, b: string): number {
  const [dark, bright] = [a, b].map((hex) => dot([0.2126, 0.7152, 0.0722], linear(hex))).sort((x, y) => x - y);
  return (bright! + 0.05) / (dark! + 0.05);
}

describe.each(['light', 'dark'] as const)('colours in %s', (scheme) => {
  const at = scheme === 'light' ? 0 : 1;
  const colours = Object.entries(COLOURS).map(([name, pair]) => [name, pair[at]] as const);

  it('stand out from the panel', () => {
    for (const [name, hex] of colours) expect(contrast(hex, PANEL[at]), name).toBeGreaterThanOrEqual(3);
  });

  it.each(Object.entries(SIGHTS))('are told apart by whoever sees %s', (_, sight) => {
    for (const [name, hex] of colours) {
      for (const [other, otherHex] of colours.filter(([other]) => other > name)) {
        const [a, b] = [seen(hex, sight), seen(otherHex, sight)];
        expect(Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]), `${name} and ${other}`).toBeGreaterThan(0.1);
      }
    }
  });
});
