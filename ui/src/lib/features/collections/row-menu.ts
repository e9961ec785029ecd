/** What can be done with a row of the tree. */
import type { MenuItem } from '$lib/components/menu.svelte';
import type { App } from '$lib/state/app.svelte';
import type { Draft, Row } from './rows';

export interface RowDeeds {
  begin: (draft: Draft) => void;
  rename: (row: Row) => void;
}

export function rowMenu(app: App, row: Row, deeds: RowDeeds): MenuItem[] {
  const { collection, path } = row;
  const attempt = (deed: () => unknown) => () => app.attempt(deed);
  const begin = (what: Draft['what']) => () => deeds.begin({ collection, folder: path, what });
  const separator: MenuItem = { kind: 'separator' };
  const rename: MenuItem = { label: 'Rename', keys: 'F2', run: () => deeds.rename(row) };
  const inside: MenuItem[] = [
    { label: 'New request', run: begin('request') },
    { label: 'New folder', run: begin('folder') },
    separator,
  ];
  const file: MenuItem[] = [
    { label: 'Duplicate', run: attempt(() => app.tree.duplicate(collection, path)) },
    { label: 'Move to…', run: () => app.sheets.show({ kind: 'move', collection, path }) },
    separator,
    { label: 'Delete', keys: 'Del', danger: true, run: attempt(() => app.tree.remove(collection, path)) },
  ];
  const defaults: MenuItem = {
    label: row.kind === 'collection' ? 'Collection settings…' : 'Folder settings…',
    run: () => app.sheets.show({ kind: 'defaults', collection, path }),
  };

  switch (row.kind) {
    case 'collection':
      return [
        ...inside,
        defaults,
        { label: 'Environments…', run: () => app.editEnvironments(collection) },
        separator,
        rename,
        {
          label: 'Close the collection',
          detail: 'files stay',
          run: attempt(() => app.tree.closeCollection(collection)),
        },
      ];
    case 'folder':
      return [...inside, defaults, separator, rename, ...file];
    case 'request':
      return [{ label: 'Open', run: attempt(() => app.requests.open(collection, path)) }, separator, rename, ...file];
    case 'broken':
      return [
        { label: 'Show what is wrong', run: attempt(() => app.requests.open(collection, path)) },
        separator,
        ...file.slice(-1),
      ];
    case 'foreign':
      return file.slice(1);
    case 'draft':
      return [];
  }
}
