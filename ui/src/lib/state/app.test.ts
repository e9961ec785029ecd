import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Bridge } from '$lib/bridge/bridge';
import type { Change } from '$lib/bridge/types';
import { startedApp } from '../../../tests/preview/app';
import { collection, root } from '../../../tests/preview/data';
import type { App } from './app.svelte';
import type { RequestTab } from './requests/request-tab.svelte';

let tell: (change: Change) => void;
let bridge: Bridge;
let app: App;

beforeEach(async () => {
  ({ app, bridge, tell } = await startedApp());
});

afterEach(() => {
  vi.restoreAllMocks();
});

function edit(tab: RequestTab, url = 'https://api.test/mine'): void {
  if (tab.request) tab.edit({ ...tab.request, url });
}

/** Another program writes the file. */
async function writeOutside(path: string, url: string): Promise<void> {
  const opened = await bridge.openRequest(root, path);
  await bridge.saveRequest(root, path, { ...opened.request, url }, opened.version, true);
}

function answerQuestion(id: string | null): void {
  if (app.sheets.open?.kind !== 'question') throw new Error('nothing was asked');
  app.sheets.open.answer(id);
}

describe('opening', () => {
  it('shows the tab that the request has already', async () => {
    const before = app.desk.tabs.length;
    const tab = await app.requests.open(root, 'List pets.yml');
    expect(app.desk.tabs).toHaveLength(before);
    expect(app.desk.active).toBe(tab);
  });

  it('shows why a broken file cannot be opened, and opens it once it is mended', async () => {
    const tab = await app.requests.open(root, 'Broken.yml');
    expect(tab.failure?.code).toBe('fileBroken');
    await bridge.saveRequest(
      root,
      'Broken.yml',
      { ...(await bridge.openRequest(root, 'List pets.yml')).request },
      '',
      true,
    );
    tell({ kind: 'collection', collection, changed: ['Broken.yml'] });
    await vi.waitFor(() => expect(tab.request).not.toBeNull());
    expect(tab.failure).toBeNull();
  });
});

describe('a file that another program changed', () => {
  it('is taken over by a clean tab', async () => {
    const tab = await app.requests.open(root, 'Show a pet.yml');
    await writeOutside('Show a pet.yml', 'https://api.test/theirs');
    tell({ kind: 'collection', collection, changed: ['Show a pet.yml'] });
    await vi.waitFor(() => expect(tab.request?.url).toBe('https://api.test/theirs'));
    expect(tab.theirs).toBeNull();
  });

  it('is asked about in a tab with changes, and mine can be kept', async () => {
    const tab = await app.requests.open(root, 'Show a pet.yml');
    edit(tab);
    await writeOutside('Show a pet.yml', 'https://api.test/theirs');
    tell({ kind: 'collection', collection, changed: ['Show a pet.yml'] });
    await vi.waitFor(() => expect(tab.theirs).not.toBeNull());
    expect(tab.request?.url).toBe('https://api.test/mine');
    await app.requests.keepMine(tab);
    expect(tab.theirs).toBeNull();
    expect((await bridge.openRequest(root, 'Show a pet.yml')).request.url).toBe('https://api.test/mine');
  });

  it('is noticed at the save at the latest', async () => {
    const tab = await app.requests.open(root, 'Show a pet.yml');
    edit(tab);
    await writeOutside('Show a pet.yml', 'https://api.test/theirs');
    await app.requests.save(tab);
    expect(tab.theirs?.request.url).toBe('https://api.test/theirs');
    expect((await bridge.openRequest(root, 'Show a pet.yml')).request.url).toBe('https://api.test/theirs');
  });

  it('is gone: the tab stays, and saving makes the file again', async () => {
    const tab = await app.requests.open(root, 'Show a pet.yml');
    tell({
      kind: 'collection',
      collection: { ...collection, items: collection.items.filter((item) => item.path !== 'Show a pet.yml') },
      changed: ['Show a pet.yml'],
    });
    expect(app.isGone(tab)).toBe(true);
    expect(tab.request).not.toBeNull();
    await app.requests.save(tab);
    expect(app.isGone(tab)).toBe(false);
    expect(tab.dirty).toBe(false);
  });
});

describe('saving', () => {
  it('of a new request asks for a name and a place', async () => {
    const tab = app.requests.create();
    edit(tab);
    await app.requests.save(tab);
    expect(app.sheets.open).toMatchObject({ kind: 'save', tab });
    await app.requests.saveAs(tab, 'Mine', root, 'orders');
    expect(tab.path).toBe('orders/Mine.yml');
    expect(tab.dirty).toBe(false);
    expect(app.desk.isUnfolded(root, 'orders')).toBe(true);
  });

  it('keeps what was typed when it fails', async () => {
    const tab = await app.requests.open(root, 'Show a pet.yml');
    edit(tab);
    bridge.saveRequest = () =>
      Promise.reject({ code: 'fileUnwritable', message: 'the disk is full', hint: '', causes: [] });
    await expect(app.requests.save(tab)).rejects.toMatchObject({ code: 'fileUnwritable' });
    expect(tab.request?.url).toBe('https://api.test/mine');
    expect(tab.dirty).toBe(true);
  });
});

describe('closing', () => {
  it('of a clean tab asks nothing', async () => {
    const tab = await app.requests.open(root, 'Show a pet.yml');
    await app.requests.close([tab]);
    expect(app.sheets.open).toBeNull();
    expect(app.desk.tabs).not.toContain(tab);
  });

  it('of a changed tab asks, and stays at cancel', async () => {
    const tab = await app.requests.open(root, 'Show a pet.yml');
    edit(tab);
    const closing = app.requests.close([tab]);
    answerQuestion(null);
    await closing;
    expect(app.desk.tabs).toContain(tab);
  });

  it('without saving can be taken back', async () => {
    const tab = await app.requests.open(root, 'Show a pet.yml');
    edit(tab);
    const closing = app.requests.close([tab]);
    answerQuestion('discard');
    await closing;
    expect(app.desk.reopen()?.request?.url).toBe('https://api.test/mine');
  });

  it('with saving writes the file first', async () => {
    const tab = await app.requests.open(root, 'Show a pet.yml');
    edit(tab);
    const closing = app.requests.close([tab]);
    answerQuestion('save');
    await closing;
    expect((await bridge.openRequest(root, 'Show a pet.yml')).request.url).toBe('https://api.test/mine');
    expect(app.desk.tabs).not.toContain(tab);
  });
});

describe('deleting', () => {
  it('closes the clean tabs of what is deleted, and undo brings both back', async () => {
    const tab = await app.requests.open(root, 'orders/Open orders.yml');
    const [changed] = app.desk.tabs.filter((other) => other.path === 'orders/Place an order.yml');
    await app.tree.remove(root, 'orders');
    expect(app.desk.tabs).not.toContain(tab);
    expect(app.desk.tabs).toContain(changed);
    const notice = app.notices.list.at(-1);
    expect(notice?.text).toBe('Deleted “Orders”');
    notice?.action?.run();
    await vi.waitFor(() => expect(app.desk.find(root, 'orders/Open orders.yml')).not.toBeNull());
  });
});

describe('deleting twice', () => {
  it('offers to bring back only what was deleted last', async () => {
    await app.tree.remove(root, 'Show a pet.yml');
    await app.tree.remove(root, 'Add a pet.yml');
    expect(app.notices.list.map((notice) => notice.text)).toEqual(['Deleted “Add a pet”']);
  });
});

describe('an environment that is saved', () => {
  it('keeps who goes with it under its new name, whatever becomes of its secrets', async () => {
    app.desk.goWith(root, 'Staging', 'grace');
    app.chooseEnvironment(root, 'Staging');
    await app.tree.saveEnvironment(root, 'Staging', { name: 'Live', variables: [] });
    expect([app.desk.environments.get(root), app.desk.identityOf(root, 'Live')]).toEqual(['Live', 'grace']);
    bridge.setSecret = () => Promise.reject({ code: 'keychainFailed', message: 'no', hint: '', causes: [] });
    const secrets = [{ variable: 'apiKey', value: 'k' }];
    await expect(app.tree.storeSecrets(root, 'Live', secrets)).rejects.toMatchObject({ code: 'keychainFailed' });
  });
});

describe('closing a collection', () => {
  it('keeps what was typed as drafts without a file', async () => {
    const tab = await app.requests.open(root, 'Show a pet.yml');
    edit(tab);
    await app.tree.closeCollection(root);
    expect(app.desk.tabs).toContain(tab);
    expect(tab.path).toBeNull();
    expect(tab.request?.url).toBe('https://api.test/mine');
    expect(app.workspace.collections).toHaveLength(0);
  });
});

describe('switching the environment', () => {
  it('switches to the identity that goes with it, and only there', () => {
    app.desk.goWith(root, 'Staging', 'grace');
    app.chooseEnvironment(root, 'Staging');
    expect([app.desk.environments.get(root), app.identity?.id]).toEqual(['Staging', 'grace']);
    app.chooseEnvironment(root, 'Sandbox');
    expect(app.identity?.id).toBe('ada');
    app.chooseEnvironment(root, null);
    expect(app.desk.environments.has(root)).toBe(false);
  });

  it('leaves who signs in for another collection, and for a request in none', async () => {
    const elsewhere = { ...collection, root: '/home/ada/billing', environments: [] };
    app.workspace.putCollection(elsewhere);
    app.desk.goWith(root, 'Staging', 'grace');
    app.chooseEnvironment(root, 'Staging');
    const here = await app.requests.open(root, 'List pets.yml');
    const there = app.requests.create(elsewhere.root);
    const nowhere = app.desk.open({ collection: null, path: null });
    expect([here, there, nowhere].map((tab) => app.requests.contextOf(tab).identity)).toEqual(['grace', 'ada', 'ada']);
    expect(app.identity?.id).toBe('ada');
    app.desk.activate(here.id);
    expect(app.identity?.id).toBe('grace');
  });

  it('gives way to a choice by hand until the environment is chosen again', async () => {
    const tab = await app.requests.open(root, 'List pets.yml');
    app.desk.goWith(root, 'Staging', 'grace');
    app.chooseEnvironment(root, 'Staging');
    app.chooseIdentity('bot');
    expect([app.requests.contextOf(tab).identity, app.desk.identity]).toEqual(['bot', 'ada']);
    app.chooseEnvironment(root, 'Staging');
    expect(app.requests.contextOf(tab).identity).toBe('grace');
    app.chooseIdentity('bot');
    app.desk.identityGone('bot');
    expect(app.requests.contextOf(tab).identity).toBe('grace');
  });

  it('where nobody goes with it, a choice by hand is for all', () => {
    app.chooseIdentity('grace');
    expect([app.desk.identity, app.desk.byHand(root)]).toEqual(['grace', null]);
  });

  it('to one whose identity is gone leaves the chosen one', () => {
    app.desk.goWith(root, 'Staging', 'nobody');
    app.chooseEnvironment(root, 'Staging');
    expect(app.identity?.id).toBe('ada');
  });

  it('is forgotten with the pool of the identity', async () => {
    app.desk.goWith(root, 'Staging', 'grace');
    await app.sessions.removePool('sandbox-pool');
    expect(app.desk.identityOf(root, 'Staging')).toBeNull();
    expect(app.workspace.identities).toEqual([]);
  });
});
