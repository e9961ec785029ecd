import { afterEach, beforeEach, describe, expect, it, type MockInstance, vi } from 'vitest';
import type { Bridge } from '$lib/bridge/bridge';
import type { Change, Code, TokenAuth } from '$lib/bridge/types';
import { startedApp } from '../../../../tests/preview/app';
import { collection, pool, root } from '../../../../tests/preview/data';
import type { App } from '../app.svelte';
import type { RequestTab } from './request-tab.svelte';

let tell: (change: Change) => void;
let bridge: Bridge;
let app: App;

beforeEach(async () => {
  ({ app, bridge, tell } = await startedApp());
});

afterEach(() => {
  vi.restoreAllMocks();
});

/** Has everybody's pool come back to a callback. */
function comesBackTo(callback: string): void {
  tell({ kind: 'pool', pool: { ...pool, sandbox: false, facts: { ...pool.facts, callback } } });
}

describe('a fix of the verdict', () => {
  it('changes the header for this request and sends it again', async () => {
    const tab = await app.requests.open(root, 'List pets.yml');
    await app.sends.fix(tab, { kind: 'sendTokenIn', header: 'dev-auth-token' });
    expect(tab.request?.auth.token).toMatchObject({ mode: 'send', header: 'dev-auth-token' });
    expect(tab.response.kind).toBe('answered');
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
    comesBackTo('http://localhost:4180/callback');
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

  it('is offered by the request as it is now, not by what was previewed last', async () => {
    const [ada] = app.workspace.identities;
    const { request } = tab;
    if (!ada || !request) throw new Error('nothing is there');
    const withToken = (token: TokenAuth) => tab.edit({ ...request, auth: { ...request.auth, token } });
    withToken({ mode: 'none' });
    if (tab.request) tab.askPreview(bridge, app.requests.contextOf(tab), tab.request);
    await vi.waitFor(() => expect(tab.preview?.auth.token.mode).toBe('none'));
    expect(app.sends.canSendAs(tab, ada)).toBe(false);
    withToken({ mode: 'send', identity: null, token: 'id', header: 'Authorization', prefix: '' });
    expect(app.sends.canSendAs(tab, ada)).toBe(true);
    withToken({ mode: 'inherit' });
    expect(app.sends.canSendAs(tab, ada)).toBe(true);
    withToken({ mode: 'foreign', authType: 'basic' });
    expect(app.sends.canSendAs(tab, ada)).toBe(false);
    expect(tab.preview?.auth.token.mode).toBe('none');
  });

  it('is offered by what the folder of a new request hands down', async () => {
    const [ada] = app.workspace.identities;
    if (!ada) throw new Error('nobody is there');
    const { defaults } = collection;
    await bridge.saveDefaults(root, 'orders', { ...defaults, auth: { ...defaults.auth, token: { mode: 'none' } } });
    expect(app.sends.canSendAs(app.requests.create(root, 'orders'), ada)).toBe(false);
    expect(app.sends.canSendAs(app.requests.create(root, 'admin'), ada)).toBe(true);
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
    comesBackTo('http://localhost:4180/callback');
    const { action } = app.sends.describe(tab, failed(code));
    expect(action?.label).toBe(label);
    action?.run();
    await vi.waitFor(() => expect(send).toHaveBeenCalledOnce());
    expect(enter).toHaveBeenCalledWith('ada');
  });

  it.each([
    ['providerRefusesWindow', 'Set the pool up for the browser', true],
    ['poolInvalid', 'Edit the user pool', false],
  ] as const)(
    '%s with a callback that does not come back: %s, and back to who signs in',
    async (code, label, inBrowser) => {
      const tab = await app.requests.open(root, 'List pets.yml');
      await app.sends.sendAs(tab, 'grace');
      comesBackTo('https://example.com/callback');
      const { action } = app.sends.describe(tab, failed(code));
      expect(action?.label).toBe(label);
      action?.run();
      expect(app.sheets.open).toEqual({ kind: 'connectPool', pool: pool.id, back: 'grace', inBrowser });
    },
  );

  it('nothing, where the pool cannot be edited and nobody is there to sign in', async () => {
    const tab = await app.requests.open(root, 'List pets.yml');
    expect(app.sends.describe(tab, failed('providerRefusesWindow')).action).toBeNull();
    for (const id of ['ada', 'grace', 'bot']) app.workspace.dropIdentity(id);
    expect(app.sends.describe(tab, failed('poolInvalid')).action).toBeNull();
  });
});
