import { afterEach, beforeEach, describe, expect, it, type MockInstance, vi } from 'vitest';
import type { Bridge } from '$lib/bridge/bridge';
import type { Code, TokenAuth } from '$lib/bridge/types';
import { fakeBridge, type FakeBridge } from '../../../../tests/preview/bridge';
import { collection, pool, root, signedIn } from '../../../../tests/preview/data';
import { App } from '../app.svelte';
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

/** Has everybody's pool come back to a callback. */
function comesBackTo(callback: string): void {
  fake.tell({ kind: 'pool', pool: { ...pool, sandbox: false, facts: { ...pool.facts, callback } } });
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
    expect([tab.lastSend.preparing, tab.sending]).toEqual([true, true]);
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
    expect([tab.response, tab.lastSend.askedAs, tab.sending]).toEqual([before, null, false]);
    expect(app.sheets.isOf('bot')).toBe(true);
  });

  it.each(['again', 'signIn'] as const)('goes on with the sign-in that was opened anew by %s', async (way) => {
    const sending = app.sends.sendAs(tab, 'bot');
    const first = end;
    vi.spyOn(performance, 'now').mockReturnValue(performance.now() + 1_000);
    void app.sessions[way]('bot');
    first('cancelled');
    await Promise.resolve();
    expect(tab.lastSend.preparing).toBe(true);
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
