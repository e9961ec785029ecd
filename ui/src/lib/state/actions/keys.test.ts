import { describe, expect, it, test } from 'vitest';
import { keyWords, matches, type Platform } from './keys';

function press(init: KeyboardEventInit & { altGraph?: boolean }): KeyboardEvent {
  const event = new KeyboardEvent('keydown', init);
  const { altGraph = false } = init;
  event.getModifierState = (key) => key === 'AltGraph' && altGraph;
  return event;
}

const cases: [keys: string, init: KeyboardEventInit, platform: Platform, expected: boolean][] = [
  ['Mod+S', { key: 's', ctrlKey: true }, 'linux', true],
  ['Mod+S', { key: 'S', ctrlKey: true, shiftKey: true }, 'linux', false],
  ['Mod+S', { key: 's', metaKey: true }, 'mac', true],
  ['Mod+S', { key: 's', ctrlKey: true }, 'mac', false],
  ['Mod+Shift+T', { key: 'T', ctrlKey: true, shiftKey: true }, 'windows', true],
  ['Ctrl+Tab', { key: 'Tab', ctrlKey: true }, 'mac', true],
  ['Ctrl+Shift+Tab', { key: 'Tab', ctrlKey: true, shiftKey: true }, 'linux', true],
  ['Mod+Enter', { key: 'Enter', ctrlKey: true }, 'linux', true],
  ['Mod+=', { key: '+', ctrlKey: true, shiftKey: true }, 'linux', true],
  ['Mod+=', { key: '=', ctrlKey: true }, 'linux', true],
  ['Mod+Shift+/', { key: '?', ctrlKey: true, shiftKey: true }, 'linux', true],
  ['Mod+,', { key: ',', ctrlKey: true }, 'linux', true],
  ['F6', { key: 'F6' }, 'linux', true],
  ['Shift+F6', { key: 'F6', shiftKey: true }, 'linux', true],
  ['F6', { key: 'F6', shiftKey: true }, 'linux', false],
  ['Mod+K', { key: 'к', code: 'KeyK', ctrlKey: true }, 'linux', true],
  ['Mod+K', { key: 'j', code: 'KeyK', ctrlKey: true }, 'linux', false],
];

describe('a key press', () => {
  test.each(cases)('%s with %o on %s: %s', (keys, init, platform, expected) => {
    expect(matches(press(init), keys, platform)).toBe(expected);
  });

  it('means nothing while an input method composes', () => {
    expect(matches(press({ key: 's', ctrlKey: true, isComposing: true }), 'Mod+S', 'linux')).toBe(false);
  });

  it('means nothing with AltGr, which types signs', () => {
    expect(matches(press({ key: 'e', ctrlKey: true, altGraph: true }), 'Mod+E', 'windows')).toBe(false);
  });
});

describe('the words of a chord', () => {
  test.each([
    ['Mod+K', 'linux', 'Ctrl K'],
    ['Mod+K', 'mac', '⌘K'],
    ['Mod+Shift+T', 'windows', 'Ctrl Shift T'],
    ['Mod+Shift+T', 'mac', '⇧⌘T'],
    ['Mod+Enter', 'linux', 'Ctrl ⏎'],
    ['F2', 'mac', 'F2'],
    ['Mod+-', 'linux', 'Ctrl −'],
  ] as [string, Platform, string][])('%s on %s is %s', (keys, platform, words) => {
    expect(keyWords(keys, platform)).toBe(words);
  });
});
