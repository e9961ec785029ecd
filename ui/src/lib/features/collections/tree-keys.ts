/** The keys of a tree: https://www.w3.org/WAI/ARIA/apg/patterns/treeview/ */
import type { Row } from './rows';

export type TreeCommand =
  | { kind: 'go'; to: number }
  | { kind: 'fold'; at: number; open: boolean }
  | { kind: 'unfoldSiblings'; at: number }
  | { kind: 'open'; at: number }
  | { kind: 'rename'; at: number }
  | { kind: 'delete'; at: number }
  | { kind: 'shift'; at: number; places: 1 | -1 };

export interface Press {
  key: string;
  altKey: boolean;
  ctrlKey: boolean;
  metaKey: boolean;
  shiftKey: boolean;
}

const page = 10;

/** Gives what a key does at a row; null for one that means nothing to the tree. */
export function treeCommand(rows: Row[], at: number, press: Press): TreeCommand | null {
  const row = rows[at];
  if (!row || press.ctrlKey || press.metaKey) return null;
  if (press.altKey) return shift(press.key, at);
  const last = rows.length - 1;
  switch (press.key) {
    case 'ArrowDown':
      return { kind: 'go', to: Math.min(at + 1, last) };
    case 'ArrowUp':
      return { kind: 'go', to: Math.max(at - 1, 0) };
    case 'PageDown':
      return { kind: 'go', to: Math.min(at + page, last) };
    case 'PageUp':
      return { kind: 'go', to: Math.max(at - page, 0) };
    case 'Home':
      return { kind: 'go', to: 0 };
    case 'End':
      return { kind: 'go', to: last };
    case 'ArrowRight':
      if (!isFolder(row)) return null;
      if (!row.open) return { kind: 'fold', at, open: true };
      return row.empty ? null : { kind: 'go', to: at + 1 };
    case 'ArrowLeft':
      if (isFolder(row) && row.open) return { kind: 'fold', at, open: false };
      return { kind: 'go', to: parentOf(rows, at) };
    case '*':
      return { kind: 'unfoldSiblings', at };
    case 'Enter':
    case ' ':
      return isFolder(row) ? { kind: 'fold', at, open: !row.open } : { kind: 'open', at };
    case 'F2':
      return { kind: 'rename', at };
    case 'Delete':
      return { kind: 'delete', at };
    default:
      return null;
  }
}

function shift(key: string, at: number): TreeCommand | null {
  if (key === 'ArrowUp') return { kind: 'shift', at, places: -1 };
  return key === 'ArrowDown' ? { kind: 'shift', at, places: 1 } : null;
}

export function isFolder(row: Row): row is Extract<Row, { open: boolean }> {
  return row.kind === 'collection' || row.kind === 'folder';
}

export function parentOf(rows: Row[], at: number): number {
  const level = rows[at]?.level ?? 1;
  for (let above = at - 1; above >= 0; above -= 1) {
    if ((rows[above]?.level ?? 1) < level) return above;
  }
  return at;
}

/** Finds a row by the beginning of its name, typed within a moment; from the row on, round the end. */
export class Typeahead {
  #typed = '';
  #last = -Infinity;

  find(rows: Row[], at: number, sign: string, now: number): number | null {
    const fresh = now - this.#last > 700;
    this.#typed = (fresh ? '' : this.#typed) + sign.toLowerCase();
    this.#last = now;
    // The same letter again and again goes from one match to the next.
    const repeated = [...this.#typed].every((typed) => typed === this.#typed[0]);
    const wanted = repeated ? (this.#typed[0] ?? '') : this.#typed;
    const start = repeated ? at + 1 : at;
    for (let step = 0; step < rows.length; step += 1) {
      const index = (start + step) % rows.length;
      if (rows[index]?.name.toLowerCase().startsWith(wanted)) return index;
    }
    return null;
  }
}
