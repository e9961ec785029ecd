import { afterEach, beforeEach, describe, expect, it, type MockInstance, vi } from 'vitest';
import type { Bridge } from '$lib/bridge/bridge';
import type { Code } from '$lib/bridge/types';
import { fakeBridge, type FakeBridge } from '../../../tests/preview/bridge';
import { collection, root, signedIn } from '../../../tests/preview/data';
import { App } from './app.svelte';
import type { RequestTab } from './request-tab.svelte';

let fake: FakeBridge;
let bridge: Bridge;
let app: App;

beforeEach(async () => {
  fake = fakeBridge();
  bridge = fake.bridge;
  app = new App(bridge);
  await bridge.onChange((change) => app.apply(change));
  app.begin(await bridge.start());
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
    fake.tell({ kind: 'collection', collection, changed: ['Broken.yml'] });
    await vi.waitFor(() => expect(tab.request).not.toBeNull());
    expect(tab.failure).toBeNull();
  });
});

describe('a file that another program changed', () => {
  it('is taken over by a clean tab', async () => {
    const tab = await app.requests.open(root, 'Show a pet.yml');
    await writeOutside('Show a pet.yml', 'https://api.test/theirs');
    fake.tell({ kind: 'collection', collection, changed: ['Show a pet.yml'] });
    await vi.waitFor(() => expect(tab.request?.url).toBe('https://api.test/theirs'));
    expect(tab.theirs).toBeNull();
  });

  it('is asked about in a tab with changes, and mine can be kept', async () => {
    const tab = await app.requests.open(root, 'Show a pet.yml');
    edit(tab);
    await writeOutside('Show a pet.yml', 'https://api.test/theirs');
    fake.tell({ kind: 'collection', collection, changed: ['Show a pet.yml'] });
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
    fake.tell({
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

describe('signing in', () => {
  it('that fails shows the identity with the reason', async () => {
    bridge.signIn = () => Promise.reject({ code: 'signInRefused', message: 'no', hint: 'yes', causes: [] });
    expect(await app.sessions.signIn('bot')).toBeNull();
    expect(app.sheets.open).toMatchObject({ kind: 'identity', identity: 'bot' });
    expect(app.sessions.failures.get('bot')?.code).toBe('signInRefused');
  });

  it('that fails takes no other sheet’s place, and leads to its own', async () => {
    bridge.signIn = () => Promise.reject({ code: 'signInRefused', message: 'no', hint: 'yes', causes: [] });
    app.sheets.show({ kind: 'settings' });
    await app.sessions.signIn('bot');
    expect(app.sheets.open?.kind).toBe('settings');
    const { action } = app.notices.list.at(-1) ?? {};
    expect(action?.label).toBe('Show it');
    action?.run();
    expect(app.sheets.isOf('bot')).toBe(true);
  });

  it('of somebody who is gone meanwhile opens no empty sheet', async () => {
    bridge.signIn = () => {
      app.workspace.dropIdentity('bot');
      return Promise.reject({ code: 'unknown', message: 'There is no such identity.', hint: '', causes: [] });
    };
    await app.sessions.signIn('bot');
    expect(app.sheets.open).toBeNull();
    expect(app.notices.list.at(-1)?.detail).toContain('There is no such identity.');
    expect(app.sessions.failures.size).toBe(0);
  });

  it('that failed is forgotten with a newer session, a mended pool or the identity itself', async () => {
    vi.spyOn(bridge, 'renew').mockRejectedValue({ code: 'timedOut', message: 'no', hint: '', causes: [] });
    const ada = signedIn('ada', 'ada', 0, 54);
    const fail = async () => {
      await app.sessions.renew('ada');
      expect(app.sessions.failures.has('ada')).toBe(true);
    };
    await fail();
    fake.tell({ kind: 'identity', identity: { ...ada, name: 'Ada' } });
    expect(app.sessions.failures.has('ada')).toBe(true);
    fake.tell({ kind: 'identity', identity: signedIn('ada', 'ada', 0, 59) });
    expect(app.sessions.failures.has('ada')).toBe(false);
    await fail();
    await app.sessions.savePool('sandbox-pool', { domain: 'd', clientId: 'c' }, null);
    expect(app.sessions.failures.has('ada')).toBe(false);
    await fail();
    const removing = app.sessions.remove('ada');
    answerQuestion('remove');
    await removing;
    expect(app.sessions.failures.has('ada')).toBe(false);
    expect(app.sheets.open).toBeNull();
  });

  it('that was cancelled is no failure', async () => {
    bridge.signIn = () => Promise.resolve('cancelled');
    expect(await app.sessions.signIn('bot')).toBe('cancelled');
    expect(app.sheets.open).toBeNull();
    expect(app.notices.list).toHaveLength(0);
  });

  it('from a send that needed it sends the request that waited', async () => {
    const tab = await app.requests.open(root, 'List pets.yml');
    const send = vi.spyOn(bridge, 'send');
    const failure = { code: 'notSignedIn' as const, message: '', hint: '', causes: [] };
    app.sends.describe(tab, failure).action?.run();
    await vi.waitFor(() => expect(tab.response.kind).toBe('answered'));
    expect(send).toHaveBeenCalledTimes(1);
  });

  it('without any pool leads to connecting one', () => {
    const bare = new App(bridge);
    bare.startSignIn();
    expect(bare.sheets.open).toMatchObject({ kind: 'connectPool', pool: null });
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

describe('a question', () => {
  it('stands over the sheet, which stays', async () => {
    app.sheets.show({ kind: 'identity', identity: 'ada' });
    const { sheet } = app.sheets;
    const removing = app.sessions.remove('ada');
    answerQuestion('cancel');
    await removing;
    expect(app.sheets.open).toBe(sheet);
    expect(app.workspace.identity('ada')).not.toBeNull();
  });
});

describe('a fix of the verdict', () => {
  it('changes the header for this request and sends it again', async () => {
    const tab = await app.requests.open(root, 'List pets.yml');
    await app.sends.fix(tab, { kind: 'sendTokenIn', header: 'dev-auth-token' });
    expect(tab.request?.auth.token).toMatchObject({ mode: 'send', header: 'dev-auth-token' });
    expect(tab.response.kind).toBe('answered');
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

describe('sending as somebody', () => {
  let send: MockInstance<Bridge['send']>;
  let tab: RequestTab;

  beforeEach(async () => {
    send = vi.spyOn(bridge, 'send');
    tab = await app.requests.open(root, 'List pets.yml');
  });

  it('sends once, and leaves the chosen identity', async () => {
    await app.sends.sendAs(tab, 'grace');
    expect(send.mock.lastCall?.[1]).toMatchObject({ identity: 'ada', sendAs: 'grace' });
    expect(tab.response).toMatchObject({ kind: 'answered', answer: { sentAs: 'grace' } });
    expect(app.identity?.id).toBe('ada');
    await app.sends.send(tab);
    expect(send.mock.lastCall?.[1].sendAs).toBeNull();
    expect(tab.response).toMatchObject({ answer: { sentAs: 'ada', named: false } });
  });

  it('says as whom it went out by what Rust tells, not by what was asked', async () => {
    if (tab.request) tab.edit({ ...tab.request, auth: { ...tab.request.auth, token: { mode: 'none' } } });
    await app.sends.sendAs(tab, 'grace');
    expect(tab.response).toMatchObject({ answer: { sentAs: null } });
  });

  it('that is always the same one is said although nobody was named', async () => {
    const token = { mode: 'send' as const, identity: 'grace', token: 'id' as const, header: 'h', prefix: '' };
    if (tab.request) tab.edit({ ...tab.request, auth: { ...tab.request.auth, token } });
    await app.sends.send(tab);
    expect(tab.response).toMatchObject({ answer: { sentAs: 'grace', named: true } });
  });

  it('who is gone meanwhile fails clearly', async () => {
    await app.sends.sendAs(tab, 'grace');
    app.workspace.dropIdentity('grace');
    await expect(app.sends.fix(tab, { kind: 'sendAgain' })).rejects.toMatchObject({ code: 'unknown' });
    await expect(app.sends.sendAs(tab, 'grace')).rejects.toMatchObject({ code: 'unknown' });
    expect(send).toHaveBeenCalledOnce();
  });

  it.each(['signIn', 'renew', 'signInByBrowser'] as const)('by %s never chooses that one', async (way) => {
    const code = { signIn: 'notSignedIn', renew: 'sessionOver', signInByBrowser: 'providerRefusesWindow' } as const;
    await app.sends.sendAs(tab, 'grace');
    app.desk.identity = null;
    const enter = vi.spyOn(bridge, way);
    app.sends.describe(tab, { code: code[way], message: '', hint: '', causes: [] }).action?.run();
    await vi.waitFor(() => expect(send).toHaveBeenCalledTimes(2));
    expect(enter).toHaveBeenCalledWith('grace');
    expect([send.mock.lastCall?.[1].sendAs, app.desk.identity]).toEqual(['grace', null]);
  });

  it('is offered where a token goes out and nothing is under way', async () => {
    const [ada] = app.workspace.identities;
    if (!ada) throw new Error('nobody is there');
    expect(app.sends.canSendAs(tab, ada)).toBe(true);
    expect(app.sends.canSendAs(null, ada)).toBe(false);
    expect(app.sends.canSendAs(tab, { ...ada, state: { kind: 'signingIn' } })).toBe(false);
    const sending = app.sends.send(tab);
    expect(app.sends.canSendAs(tab, ada)).toBe(false);
    await sending;
  });

  it('signs in first who is signed out', async () => {
    const signIn = vi.spyOn(bridge, 'signIn');
    app.desk.identity = null;
    await app.sends.sendAs(tab, 'bot');
    expect(signIn).toHaveBeenCalledWith('bot');
    expect(send.mock.lastCall?.[1].sendAs).toBe('bot');
    expect(app.desk.identity).toBeNull();
  });

  it('does not send when that sign-in is given up', async () => {
    vi.spyOn(bridge, 'signIn').mockResolvedValue('cancelled');
    await app.sends.sendAs(tab, 'bot');
    expect(send).not.toHaveBeenCalled();
  });

  it('mends and sends again as the same', async () => {
    await app.sends.sendAs(tab, 'grace');
    await app.sends.fix(tab, { kind: 'sendAgain' });
    expect(send.mock.lastCall?.[1].sendAs).toBe('grace');
  });
});

describe('a send that begins with a sign-in', () => {
  let send: MockInstance<Bridge['send']>;
  let tab: RequestTab;
  let end: (end: 'signedIn' | 'cancelled') => void;
  let refuse: (error: unknown) => void;

  beforeEach(async () => {
    send = vi.spyOn(bridge, 'send');
    vi.spyOn(bridge, 'signIn').mockImplementation(
      () =>
        new Promise((resolve, reject) => {
          end = resolve;
          refuse = reject;
        }),
    );
    tab = await app.requests.open(root, 'List pets.yml');
  });

  it('is shown as waiting, and goes out once that is done', async () => {
    const sending = app.sends.sendAs(tab, 'bot');
    expect(tab.response).toMatchObject({ kind: 'sending', waits: { identity: 'bot', signIn: true } });
    expect([tab.preparing, tab.sending]).toEqual([true, true]);
    await app.sends.sendAs(tab, 'grace');
    expect(send).not.toHaveBeenCalled();
    end('signedIn');
    await sending;
    expect(send.mock.lastCall?.[1].sendAs).toBe('bot');
    expect(tab.response.kind).toBe('answered');
  });

  it('does not go out once it is cancelled, and the sign-in ends with it', async () => {
    const cancelSignIn = vi.spyOn(bridge, 'cancelSignIn');
    const sending = app.sends.sendAs(tab, 'bot');
    await app.sends.sendOrCancel(tab);
    expect(tab.response.kind).toBe('cancelled');
    await vi.waitFor(() => expect(cancelSignIn).toHaveBeenCalledWith('bot'));
    end('signedIn');
    await sending;
    expect(send).not.toHaveBeenCalled();
    expect(tab.response.kind).toBe('cancelled');
  });

  it('does not go out from a closed tab', async () => {
    const sending = app.sends.sendAs(tab, 'bot');
    await app.requests.close([tab]);
    end('signedIn');
    await sending;
    expect(send).not.toHaveBeenCalled();
  });

  it('that is refused leaves all as it was', async () => {
    await app.sends.send(tab);
    const before = tab.response;
    const sending = app.sends.sendAs(tab, 'bot');
    refuse({ code: 'signInRefused', message: 'no', hint: '', causes: [] });
    await sending;
    expect([tab.response, tab.askedAs, tab.sending]).toEqual([before, null, false]);
    expect(app.sheets.isOf('bot')).toBe(true);
  });

  it('goes on with the sign-in that was opened again', async () => {
    const sending = app.sends.sendAs(tab, 'bot');
    const first = end;
    tab.again();
    first('cancelled');
    await Promise.resolve();
    expect(tab.preparing).toBe(true);
    end('signedIn');
    await sending;
    expect(send).toHaveBeenCalledOnce();
  });
});

describe('a send that begins with the sandbox', () => {
  const unreachable = { code: 'unreachable' as const, message: '', hint: '', causes: [] };
  let tab: RequestTab;

  beforeEach(async () => {
    tab = await app.requests.open(root, 'List pets.yml');
    app.workspace.setSandbox(null);
  });

  it('waits for it, and is not sent once it is given up', async () => {
    const send = vi.spyOn(bridge, 'send');
    let started: () => void = () => {};
    const sandbox = await bridge.startSandbox();
    vi.spyOn(bridge, 'startSandbox').mockImplementation(
      () => new Promise((resolve) => (started = () => resolve(sandbox))),
    );
    app.workspace.setSandbox(null);
    const { action } = app.sends.describe(tab, unreachable);
    expect(action?.label).toBe('Start the sandbox');
    action?.run();
    await vi.waitFor(() => expect(tab.response).toMatchObject({ kind: 'sending', waits: { sandbox: true } }));
    await app.sends.sendOrCancel(tab);
    started();
    await vi.waitFor(() => expect(app.sessions.starting).toBe(false));
    expect(send).not.toHaveBeenCalled();
  });

  it('that does not start says why', async () => {
    vi.spyOn(bridge, 'startSandbox').mockRejectedValue({ code: 'sandboxFailed', message: 'no', hint: '', causes: [] });
    app.sends.describe(tab, unreachable).action?.run();
    await vi.waitFor(() => expect(app.notices.list.at(-1)?.text).toBe('The sandbox did not start'));
    expect(tab.sending).toBe(false);
  });
});

describe('a send that waits for a token', () => {
  const waits = (tab: RequestTab) => (tab.response.kind === 'sending' ? tab.response.waits : undefined);
  const ada = signedIn('ada', 'ada', 0, 54);
  let sends: number[];
  let release: () => void;

  beforeEach(() => {
    sends = [];
    vi.spyOn(bridge, 'send').mockImplementation((send) => {
      sends.push(send);
      return new Promise((resolve) => {
        release = () => resolve({ kind: 'cancelled' });
      });
    });
  });

  it('goes on with all that wait for the same identity, and no other', async () => {
    const tabs = [
      await app.requests.open(root, 'List pets.yml'),
      await app.requests.open(root, 'Show a pet.yml'),
      await app.requests.open(root, 'Add a pet.yml'),
    ];
    for (const tab of tabs) void app.sends.send(tab);
    const [one = 0, two = 0, three = 0] = sends;
    fake.tell({ kind: 'sendWaits', send: one, identity: 'ada', signIn: false });
    fake.tell({ kind: 'sendWaits', send: two, identity: 'ada', signIn: true });
    fake.tell({ kind: 'sendWaits', send: three, identity: 'grace', signIn: true });
    expect(tabs.map(waits)).toEqual([
      { identity: 'ada', signIn: false },
      { identity: 'ada', signIn: true },
      { identity: 'grace', signIn: true },
    ]);
    fake.tell({ kind: 'identity', identity: { ...ada, state: { ...ada.state, renewing: true } } });
    expect(tabs.map(waits)[0]).not.toBeNull();
    fake.tell({ kind: 'identity', identity: ada });
    expect(tabs.map(waits)).toEqual([null, null, { identity: 'grace', signIn: true }]);
    release();
  });

  it('in a tab that is not shown says so', async () => {
    const tab = await app.requests.open(root, 'List pets.yml');
    void app.sends.send(tab);
    await app.requests.open(root, 'Show a pet.yml');
    fake.tell({ kind: 'sendWaits', send: sends[0] ?? 0, identity: 'ada', signIn: true });
    const notice = app.notices.list.at(-1);
    expect(notice?.text).toBe('“List pets” waits: ada’s session is over');
    notice?.action?.run();
    expect(app.desk.active).toBe(tab);
  });

  it('that was given up waits for nobody', async () => {
    const tab = await app.requests.open(root, 'List pets.yml');
    void app.sends.send(tab);
    release();
    await vi.waitFor(() => expect(tab.sending).toBe(false));
    fake.tell({ kind: 'sendWaits', send: sends[0] ?? 0, identity: 'ada', signIn: true });
    expect(tab.response.kind).toBe('cancelled');
  });
});

describe('what is offered after a failed send', () => {
  const failed = (code: Code) => ({ code, message: '', hint: '', causes: [] });

  it.each([
    ['sessionOver', 'Sign in', 'renew'],
    ['providerRefusesWindow', 'Sign in in the browser', 'signInByBrowser'],
    ['notSignedIn', 'Sign in', 'signIn'],
  ] as const)('%s: %s, then the request goes out', async (code, label, way) => {
    const tab = await app.requests.open(root, 'List pets.yml');
    const enter = vi.spyOn(bridge, way);
    const send = vi.spyOn(bridge, 'send');
    const { action } = app.sends.describe(tab, failed(code));
    expect(action?.label).toBe(label);
    action?.run();
    await vi.waitFor(() => expect(send).toHaveBeenCalledOnce());
    expect(enter).toHaveBeenCalledWith('ada');
  });
});

describe('a client secret', () => {
  it('goes to the keychain after its pool, and nowhere else', async () => {
    const addPool = vi.spyOn(bridge, 'addPool');
    const setClientSecret = vi.spyOn(bridge, 'setClientSecret');
    await app.sessions.savePool(null, { domain: 'd', clientId: 'c', grant: 'clientCredentials' }, 's3cret');
    expect(setClientSecret).toHaveBeenCalledWith('pool-1', 's3cret');
    expect(setClientSecret.mock.invocationCallOrder[0]).toBeGreaterThan(addPool.mock.invocationCallOrder[0] ?? 0);
    expect(app.workspace.pool('pool-1')?.clientSecret).toBe(true);
    expect(JSON.stringify([addPool.mock.calls, app.desk.snapshot()])).not.toContain('s3cret');
  });

  it('is left as it is where none was typed, and removed where that is asked', async () => {
    const setClientSecret = vi.spyOn(bridge, 'setClientSecret');
    await app.sessions.savePool('sandbox-pool', { domain: 'd', clientId: 'c' }, null);
    expect(setClientSecret).not.toHaveBeenCalled();
    await app.sessions.savePool('sandbox-pool', { domain: 'd', clientId: 'c' }, '');
    expect(setClientSecret).toHaveBeenCalledWith('sandbox-pool', '');
  });
});

describe('signing in', () => {
  it('of a session that is over stays the same user', async () => {
    const renew = vi.spyOn(bridge, 'renew');
    const ada = signedIn('ada', 'ada', 0, -1);
    fake.tell({ kind: 'identity', identity: { ...ada, state: { ...ada.state, over: true } } });
    app.startSignIn();
    expect(renew).toHaveBeenCalledWith('ada');
  });
});
