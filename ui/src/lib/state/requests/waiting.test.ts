import { afterEach, beforeEach, describe, expect, it, type MockInstance, vi } from 'vitest';
import type { Bridge } from '$lib/bridge/bridge';
import type { Change } from '$lib/bridge/types';
import { startedApp } from '../../../../tests/preview/app';
import { root, signedIn } from '../../../../tests/preview/data';
import type { App } from '../app.svelte';
import type { RequestTab } from './request-tab.svelte';

let app: App;
let bridge: Bridge;
let tell: (change: Change) => void;

beforeEach(async () => {
  ({ app, bridge, tell } = await startedApp());
});

afterEach(() => {
  vi.restoreAllMocks();
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
    tell({ kind: 'sendWaits', send: one, identity: 'ada', signIn: false });
    tell({ kind: 'sendWaits', send: two, identity: 'ada', signIn: true });
    tell({ kind: 'sendWaits', send: three, identity: 'grace', signIn: true });
    expect(tabs.map(waits)).toEqual([
      { identity: 'ada', signIn: false },
      { identity: 'ada', signIn: true },
      { identity: 'grace', signIn: true },
    ]);
    tell({ kind: 'identity', identity: { ...ada, state: { ...ada.state, renewing: true } } });
    expect(tabs.map(waits)[0]).not.toBeNull();
    tell({ kind: 'identity', identity: ada });
    expect(tabs.map(waits)).toEqual([null, null, { identity: 'grace', signIn: true }]);
    release();
  });

  it('in a tab that is not shown says so', async () => {
    const tab = await app.requests.open(root, 'List pets.yml');
    void app.sends.send(tab);
    await app.requests.open(root, 'Show a pet.yml');
    tell({ kind: 'sendWaits', send: sends[0] ?? 0, identity: 'ada', signIn: true });
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
    tell({ kind: 'sendWaits', send: sends[0] ?? 0, identity: 'ada', signIn: true });
    expect(tab.response.kind).toBe('cancelled');
  });
});
