/** What the palette finds: requests of all collections, and actions. */
import fuzzysort from 'fuzzysort';
import type { Collection, Item } from '$lib/bridge/types';
import type { Action } from '$lib/state/actions/actions';

export type Entry =
  | { kind: 'action'; id: string; title: string; group: string; keys: string; action: Action }
  | {
      kind: 'request';
      id: string;
      title: string;
      method: string;
      place: string;
      url: string;
      collection: string;
      path: string;
    };

export const resultLimit = 60;

export function requestEntries(collections: Collection[]): Entry[] {
  const entries: Entry[] = [];
  const walk = (collection: Collection, items: Item[], place: string) => {
    for (const item of items) {
      if (item.kind === 'folder') walk(collection, item.items, `${place} / ${item.name}`);
      if (item.kind !== 'request') continue;
      entries.push({
        kind: 'request',
        id: `${collection.root}\n${item.path}`,
        title: item.name,
        method: item.method,
        place,
        url: item.url,
        collection: collection.root,
        path: item.path,
      });
    }
  };
  for (const collection of collections) walk(collection, collection.items, collection.name);
  return entries;
}

export function actionEntries(actions: Action[]): Entry[] {
  return actions
    .filter((action) => action.enabled && action.hidden !== true)
    .map((action) => ({
      kind: 'action',
      id: action.id,
      title: action.title,
      group: action.group,
      keys: action.words,
      action,
    }));
}

/** Gives the entries that fit what was typed, the best first; all of them, as they stand, for nothing typed. */
export function search(entries: Entry[], text: string): Entry[] {
  const wanted = text.trim();
  if (wanted === '') return entries.slice(0, resultLimit);
  const found = fuzzysort.go(wanted, entries, {
    keys: [
      'title',
      (entry) => (entry.kind === 'request' ? `${entry.method} ${entry.url}` : entry.group),
      (entry) => (entry.kind === 'request' ? entry.place : ''),
    ],
    limit: resultLimit,
    threshold: 0.2,
  });
  return found.map((result) => result.obj);
}
