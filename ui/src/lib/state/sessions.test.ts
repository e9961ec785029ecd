import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Bridge } from '$lib/bridge/bridge';
import type { Change, SignInEnd } from '$lib/bridge/types';
import { startedApp } from '../../../tests/preview/app';
import { root, signedIn } from '../../../tests/preview/data';
import { App } from './app.svelte';

let tell: (change: Change) => void;
let bridge: Bridge;
let app: App;

beforeEach(async () => {
  ({ app, bridge, tell } = await startedApp());
});

afterEach(() => {
  vi.restoreAllMocks();
});

function answerQuestion(id: string | null): void {
  if (app.sheets.open?.kind !== 'question') throw new Error('nothing was asked');
  app.sheets.open.answer(id);
}

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
    tell({ kind: 'identity', identity: { ...ada, name: 'Ada' } });
    expect(app.sessions.failures.has('ada')).toBe(true);
    tell({ kind: 'identity', identity: signedIn('ada', 'ada', 0, 59) });
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

  it('that was asked for in the browser is there until it ends, and is opened again there', async () => {
    const ends: ((end: SignInEnd) => void)[] = [];
    const inBrowser = vi
      .spyOn(bridge, 'signInByBrowser')
      .mockImplementation(() => new Promise((resolve) => ends.push(resolve)));
    expect(app.sessions.placeOf('bot')).toBe('window');
    const first = app.sessions.signInByBrowser('bot');
    expect(app.sessions.placeOf('bot')).toBe('browser');
    const second = app.sessions.again('bot');
    expect(inBrowser).toHaveBeenCalledTimes(2);
    ends[0]?.('cancelled');
    await first;
    expect(app.sessions.placeOf('bot')).toBe('browser');
    ends[1]?.('cancelled');
    await second;
    expect(app.sessions.placeOf('bot')).toBe('window');
  });

  it('by a double click is one sign-in, and by a later click a new one', async () => {
    const now = vi.spyOn(performance, 'now').mockReturnValue(1_000);
    const signIn = vi.spyOn(bridge, 'signIn').mockReturnValue(new Promise(() => {}));
    void app.sessions.signIn('bot');
    void app.sessions.signIn('bot');
    expect(signIn).toHaveBeenCalledTimes(1);
    await app.sessions.cancel('bot');
    void app.sessions.signIn('bot');
    expect(signIn).toHaveBeenCalledTimes(2);
    now.mockReturnValue(1_600);
    void app.sessions.signIn('bot');
    expect(signIn).toHaveBeenCalledTimes(3);
    void app.sessions.again('bot');
    expect(signIn).toHaveBeenCalledTimes(4);
  });

  it('without any pool leads to connecting one', () => {
    const bare = new App(bridge);
    bare.startSignIn();
    expect(bare.sheets.open).toMatchObject({ kind: 'connectPool', pool: null });
  });

  it('of a session that is over stays the same user', async () => {
    const renew = vi.spyOn(bridge, 'renew');
    const ada = signedIn('ada', 'ada', 0, -1);
    tell({ kind: 'identity', identity: { ...ada, state: { ...ada.state, over: true } } });
    app.startSignIn();
    expect(renew).toHaveBeenCalledWith('ada');
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
