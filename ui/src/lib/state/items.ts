/** Looking things up in a collection. Paths are relative to its root, with `/`; the collection itself is ''. */
import type { Collection, Defaults, Item } from '$lib/bridge/types';

export interface Found {
  item: Item;
  /** The folder that it lies in. */
  folder: string;
  siblings: Item[];
  at: number;
}

const indexes = new WeakMap<Collection, Map<string, Found>>();

/** Gives the collection's items by path; made once for each reading of the collection. */
export function itemIndex(collection: Collection): Map<string, Found> {
  let index = indexes.get(collection);
  if (!index) {
    index = new Map();
    fill(index, collection.items, '');
    indexes.set(collection, index);
  }
  return index;
}

function fill(index: Map<string, Found>, siblings: Item[], folder: string): void {
  siblings.forEach((item, at) => {
    index.set(item.path, { item, folder, siblings, at });
    if (item.kind === 'folder') fill(index, item.items, item.path);
  });
}

/** Gives the folder that new things go into when this item is chosen: itself, or the one that it lies in. */
export function folderOf(collection: Collection, path: string): string {
  const found = itemIndex(collection).get(path);
  if (!found) return '';
  return found.item.kind === 'folder' ? path : found.folder;
}

/** Gives the folders from the collection down to this one, the collection first with an empty path. */
export function ancestors(collection: Collection, path: string): string[] {
  const chain: string[] = [];
  for (
    let folder = itemIndex(collection).get(path)?.folder;
    folder;
    folder = itemIndex(collection).get(folder)?.folder
  ) {
    chain.unshift(folder);
  }
  return ['', ...chain];
}

export function defaultsOf(collection: Collection, path: string): Defaults | null {
  if (path === '') return collection.defaults;
  const item = itemIndex(collection).get(path)?.item;
  return item?.kind === 'folder' ? item.defaults : null;
}

export function folders(collection: Collection): { path: string; name: string; level: number }[] {
  const list = [{ path: '', name: collection.name, level: 0 }];
  const walk = (items: Item[], level: number) => {
    for (const item of items) {
      if (item.kind !== 'folder') continue;
      list.push({ path: item.path, name: item.name, level });
      walk(item.items, level + 1);
    }
  };
  walk(collection.items, 1);
  return list;
}

export function firstRequest(items: Item[]): string | null {
  for (const item of items) {
    if (item.kind === 'request') return item.path;
    const inside = item.kind === 'folder' ? firstRequest(item.items) : null;
    if (inside !== null) return inside;
  }
  return null;
}

/** Gives the path that an item has after `from` became `to`; null where it lies elsewhere. */
export function movedPath(path: string, from: string, to: string): string | null {
  if (path === from) return to;
  return path.startsWith(`${from}/`) ? to + path.slice(from.length) : null;
}
