/** Keys: `Mod+Shift+T` is how the registry writes them, Mod being Cmd on a Mac and Ctrl elsewhere. */

export type Platform = 'mac' | 'windows' | 'linux';

interface Chord {
  mod: boolean;
  ctrl: boolean;
  shift: boolean;
  alt: boolean;
  key: string;
}

const symbols: Record<string, string> = {
  Enter: '⏎',
  ArrowUp: '↑',
  ArrowDown: '↓',
  ArrowLeft: '←',
  ArrowRight: '→',
  Escape: 'Esc',
  Delete: 'Del',
  '=': '+',
  '-': '−',
};

export function parse(keys: string): Chord {
  const parts = keys.split('+').map((part) => (part === '' ? '+' : part));
  const key = parts.at(-1) ?? '';
  const has = (name: string) => parts.slice(0, -1).includes(name);
  return { mod: has('Mod'), ctrl: has('Ctrl'), shift: has('Shift'), alt: has('Alt'), key };
}

/** Whether a key press is this chord; never while an input method composes, nor with AltGr, which types signs. */
export function matches(event: KeyboardEvent, keys: string, platform: Platform): boolean {
  if (event.isComposing || event.keyCode === 229 || event.getModifierState('AltGraph')) return false;
  const chord = parse(keys);
  const mac = platform === 'mac';
  if (event.metaKey !== (mac && chord.mod)) return false;
  if (event.ctrlKey !== ((!mac && chord.mod) || chord.ctrl)) return false;
  if (event.altKey !== chord.alt) return false;
  // Where a sign stands on the keyboard, and whether Shift is needed for it, differs from land to land.
  const sign = /^[^A-Za-z0-9]$/.test(chord.key);
  if (!sign && event.shiftKey !== chord.shift) return false;
  return keyOf(event, chord.key);
}

function keyOf(event: KeyboardEvent, key: string): boolean {
  if (event.key.toLowerCase() === key.toLowerCase()) return true;
  if (key === '/') return event.key === '?';
  if (key === '=') return event.key === '+';
  const latin = /^[\x20-\x7e]$/.test(event.key);
  if (/^[A-Za-z]$/.test(key)) return (!latin || event.altKey) && event.code === `Key${key.toUpperCase()}`;
  if (/^[0-9]$/.test(key)) return event.code === `Digit${key}`;
  return false;
}

/** Writes a chord as the platform's own menus do: `Ctrl K`, `⌘K`. */
export function keyWords(keys: string, platform: Platform): string {
  const { mod, ctrl, shift, alt, key } = parse(keys);
  const name = symbols[key] ?? (key.length === 1 ? key.toUpperCase() : key);
  if (platform === 'mac') {
    return `${ctrl ? '⌃' : ''}${alt ? '⌥' : ''}${shift ? '⇧' : ''}${mod ? '⌘' : ''}${name}`;
  }
  const held = [mod || ctrl ? 'Ctrl' : '', shift ? 'Shift' : '', alt ? 'Alt' : ''].filter((word) => word !== '');
  return [...held, name].join(' ');
}
