/** Where something lands that is dropped on a row. */
import type { Collection } from '$lib/bridge/types';
import { itemIndex } from '$lib/state/items';
import type { Row } from './rows';

export type DropPlace = 'before' | 'inside' | 'after';

export interface Landing {
  folder: string;
  before: string | null;
}

/** Gives the part of a row that the pointer is over; `y` is from 0 to 1. */
export function dropPlace(row: Row, y: number): DropPlace {
  if (row.kind === 'collection') return 'inside';
  if (row.kind === 'folder') {
    if (y < 0.25) return 'before';
    return y > 0.75 && !row.open ? 'after' : 'inside';
  }
  return y < 0.5 ? 'before' : 'after';
}

/** Gives where `path` would go to; null where it cannot: another collection, itself, or into itself. */
export function landing(collection: Collection, path: string, target: Row, place: DropPlace): Landing | null {
  if (target.collection !== collection.root || target.kind === 'draft') return null;
  if (place === 'inside') {
    const within = target.path === path || target.path.startsWith(`${path}/`);
    return within ? null : { folder: target.path, before: null };
  }
  const found = itemIndex(collection).get(target.path);
  if (!found || target.path === path || found.folder === path || found.folder.startsWith(`${path}/`)) return null;
  const before = place === 'before' ? target.path : (found.siblings[found.at + 1]?.path ?? null);
  return before === path ? null : { folder: found.folder, before };
}
