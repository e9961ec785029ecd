import { describe, expect, test } from 'vitest';
import css from './tokens.css?raw';

const tokens = Object.fromEntries(
  [...css.matchAll(/--([\w-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\)/g)].map((found) => [
    found[1] ?? '',
    { light: found[2] ?? '', dark: found[3] ?? '' },
  ]),
);

function luminance(colour: string): number {
  const channels = [1, 3, 5].map((at) => {
    const part = parseInt(colour.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  const [red = 0, green = 0, blue = 0] = channels;
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/** https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio */
function contrast(a: string, b: string): number {
  const [light = 0, dark = 0] = [luminance(a), luminance(b)].sort((left, right) => right - left);
  return (light + 0.05) / (dark + 0.05);
}

const grounds = ['base', 'panel', 'raised', 'sunk'];
const inks = ['text', 'muted', 'accent-ink', 'ok', 'bad', 'warn', 'json-key', 'json-string', 'json-number'];
const pairs: [ink: string, ground: string][] = [
  ...inks.flatMap((ink) => grounds.map((ground): [string, string] => [ink, ground])),
  ['text', 'accent-soft'],
  ['muted', 'accent-soft'],
  ['accent-ink', 'accent-soft'],
  ['ok', 'accent-soft'],
  ['bad', 'accent-soft'],
  ['warn', 'accent-soft'],
  ['json-key', 'accent-soft'],
  ['ok', 'ok-soft'],
  ['bad', 'bad-soft'],
  ['warn', 'warn-soft'],
  ['text', 'warn-soft'],
  ['on-accent', 'accent'],
  ['on-accent', 'accent-hover'],
];

describe.each(['light', 'dark'] as const)('in the %s theme', (theme) => {
  test.each(pairs)('%s is readable on %s', (ink, ground) => {
    const [above, below] = [tokens[ink]?.[theme], tokens[ground]?.[theme]];
    if (!above || !below) throw new Error(`no token ${ink} or ${ground}`);
    expect(contrast(above, below)).toBeGreaterThanOrEqual(4.5);
  });
});
