/** The tree as rows: what is unfolded, in order, with all that ARIA wants to know. */
import type { Collection, FileProblem, Item } from '$lib/bridge/types';

interface Base {
  /** Unique in the tree. */
  id: string;
  collection: string;
  path: string;
  /** The folder that it lies in. */
  folder: string;
  name: string;
  /** From 1, the collections. */
  level: number;
  size: number;
  /** From 1. */
  place: number;
}

export type Row = Base &
  (
    | { kind: 'collection' | 'folder'; open: boolean; empty: boolean }
    | { kind: 'request'; method: string }
    | { kind: 'foreign'; itemType: string }
    | { kind: 'broken'; problem: FileProblem | null }
    | { kind: 'draft'; what: 'request' | 'folder' }
  );

/** Something that is being made: its name is asked for in the tree. */
export interface Draft {
  collection: string;
  folder: string;
  what: 'request' | 'folder';
}

export type IsOpen = (collection: string, path: string) => boolean;

export function rowId(collection: string, path: string): string {
  return `${collection}\n${path}`;
}

export function flatten(collections: Collection[], isOpen: IsOpen, draft: Draft | null): Row[] {
  const rows: Row[] = [];
  collections.forEach((collection, at) => {
    const open = isOpen(collection.root, '');
    rows.push({
      kind: 'collection',
      id: rowId(collection.root, ''),
      collection: collection.root,
      path: '',
      folder: '',
      name: collection.name,
      level: 1,
      size: collections.length,
      place: at + 1,
      open,
      empty: collection.items.length === 0,
    });
    if (open) unfold(rows, collection, collection.items, '', 2, isOpen, draft);
  });
  return rows;
}

function unfold(
  rows: Row[],
  collection: Collection,
  items: Item[],
  folder: string,
  level: number,
  isOpen: IsOpen,
  draft: Draft | null,
): void {
  const drafted = draft?.collection === collection.root && draft.folder === folder ? draft : null;
  const size = items.length + (drafted ? 1 : 0);
  items.forEach((item, at) => {
    const base = {
      id: rowId(collection.root, item.path),
      collection: collection.root,
      path: item.path,
      folder,
      name: item.name,
      level,
      size,
      place: at + 1,
    };
    switch (item.kind) {
      case 'folder': {
        const open = isOpen(collection.root, item.path);
        rows.push({ ...base, kind: 'folder', open, empty: item.items.length === 0 });
        if (open) unfold(rows, collection, item.items, item.path, level + 1, isOpen, draft);
        break;
      }
      case 'request':
        rows.push({ ...base, kind: 'request', method: item.method });
        break;
      case 'foreign':
        rows.push({ ...base, kind: 'foreign', itemType: item.itemType });
        break;
      case 'broken': {
        const problem = collection.problems.find((other) => other.path === item.path) ?? null;
        rows.push({ ...base, kind: 'broken', problem });
        break;
      }
    }
  });
  if (drafted) {
    rows.push({
      kind: 'draft',
      id: `${rowId(collection.root, folder)}\ndraft`,
      collection: collection.root,
      path: folder,
      folder,
      name: '',
      level,
      size,
      place: size,
      what: drafted.what,
    });
  }
}

/** The name that a screen reader says; the method is part of it. */
export function spokenName(row: Row): string {
  switch (row.kind) {
    case 'request':
      return `${row.method} ${row.name}`;
    case 'foreign':
      return `${row.name}, ${row.itemType}, kept but not edited here`;
    case 'broken':
      return `${row.name}, broken${row.problem ? `: ${problemWords(row.problem)}` : ''}`;
    default:
      return row.name;
  }
}

export function problemWords(problem: FileProblem): string {
  const where = [
    problem.line === null ? '' : `line ${problem.line}`,
    problem.column === null ? '' : `column ${problem.column}`,
  ].filter((part) => part !== '');
  return where.length > 0 ? `${where.join(', ')}: ${problem.message}` : problem.message;
}
