/** Changes of a collection's items, each giving a new collection. */
import type { Collection, Item } from '$lib/bridge/types';
import { collection } from '../data';

export function change(home: Collection, path: string, turn: (item: Item) => Item): Collection {
  const walk = (items: Item[]): Item[] =>
    items.map((item) => {
      if (item.path === path) return turn(item);
      return item.kind === 'folder' ? { ...item, items: walk(item.items) } : item;
    });
  return { ...home, items: walk(home.items) };
}

export function remove(home: Collection, path: string): Collection {
  const walk = (items: Item[]): Item[] =>
    items
      .filter((item) => item.path !== path)
      .map((item) => (item.kind === 'folder' ? { ...item, items: walk(item.items) } : item));
  return { ...home, items: walk(home.items) };
}

export function insert(home: Collection, folder: string, item: Item, before: string | null): Collection {
  const into = (items: Item[]) => {
    const at = items.findIndex((other) => other.path === before);
    return items.toSpliced(at < 0 ? items.length : at, 0, item);
  };
  if (folder === '') return { ...home, items: into(home.items) };
  return change(home, folder, (other) => (other.kind === 'folder' ? { ...other, items: into(other.items) } : other));
}

/** A collection of ten thousand requests. */
export function many(): Collection {
  const items: Item[] = Array.from({ length: 100 }, (_, folder) => ({
    kind: 'folder',
    path: `f${folder}`,
    name: `Folder ${folder}`,
    defaults: collection.defaults,
    items: Array.from({ length: 100 }, (__, at) => ({
      kind: 'request',
      path: `f${folder}/r${at}.yml`,
      name: `Request ${folder}-${at}`,
      method: at % 3 === 0 ? 'POST' : 'GET',
      url: '{{invokeUrl}}/things',
    })),
  }));
  return { ...collection, items: [...collection.items.slice(0, 3), ...items] };
}
