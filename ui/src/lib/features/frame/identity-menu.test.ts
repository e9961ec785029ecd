import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { Bridge } from '$lib/bridge/bridge';
import type { Change, SignInState } from '$lib/bridge/types';
import type { MenuCommand, MenuItem } from '$lib/components/menu.svelte';
import type { App } from '$lib/state/app.svelte';
import { startedApp } from '../../../../tests/preview/app';
import { root, signedIn } from '../../../../tests/preview/data';
import { identityItems } from './identity-menu';
import { sendAsItems } from './send-as';
import { waitFacts } from './waits';

let tell: (change: Change) => void;
let app: App;
let bridge: Bridge;

beforeEach(async () => {
  ({ app, bridge, tell } = await startedApp());
});

const { state: inside } = signedIn('ada', 'ada', 0, 54);
const put = (state: SignInState) => tell({ kind: 'identity', identity: { ...signedIn('ada', 'ada', 0, 54), state } });
const commands = (items: MenuItem[]) =>
  items.filter((item): item is MenuCommand => item.kind !== 'separator' && item.kind !== 'heading');
const command = (items: MenuItem[], label: string) => {
  const found = commands(items).find((item) => item.label === label);
  if (!found) throw new Error(`no ${label}`);
  return found;
};

describe('the menu of an identity', () => {
  it.each([
    ['signed out', { kind: 'signedOut' } as const, 'Sign in', 'signIn'],
    ['signing in', { kind: 'signingIn' } as const, 'Cancel the sign-in', 'cancelSignIn'],
    ['locked', { kind: 'locked' } as const, 'Unlock the keychain', 'unlockKeychain'],
    ['signed in', inside, 'Renew the token', 'renew'],
    ['over', { ...inside, over: true }, 'Sign in', 'renew'],
    ['renewing', { ...inside, renewing: true }, 'Cancel the sign-in', 'cancelSignIn'],
  ] as const)('of one who is %s leads on: %s', async (_name, state, label, call) => {
    put(state);
    const deed = vi.spyOn(bridge, call);
    const items = identityItems(app, 'ada');
    expect(command(items, 'Sign out').disabled).toBe(state.kind !== 'signedIn');
    command(items, label).run();
    await vi.waitFor(() => expect(deed).toHaveBeenCalledOnce());
  });

  it('and that of Send as agree on who can be sent as', async () => {
    const tab = await app.requests.open(root, 'List pets.yml');
    const both = () => [
      command(identityItems(app, 'ada'), 'Send once as ada').disabled,
      command(sendAsItems(app, tab), 'ada').disabled,
    ];
    expect(both()).toEqual([false, false]);
    put({ kind: 'signingIn' });
    expect(both()).toEqual([true, true]);
  });
});

describe('the menu of Send as', () => {
  it('leads to nothing but a send', async () => {
    const tab = await app.requests.open(root, 'List pets.yml');
    const labels = commands(sendAsItems(app, tab)).map((item) => item.label);
    expect(labels).toEqual(['ada', 'grace, admin', 'staging bot']);
    for (const label of ['ada', 'grace', 'bot']) app.workspace.dropIdentity(label);
    expect(commands(sendAsItems(app, tab))).toMatchObject([
      { label: 'There is no identity to send as', disabled: true },
    ]);
  });
});

describe('what a send waits for', () => {
  const waits = { identity: 'ada', signIn: true };

  it('is asked for until the sign-in is under way', async () => {
    const tab = await app.requests.open(root, 'List pets.yml');
    put({ ...inside, over: true });
    expect(waitFacts(app, tab, waits)).toMatchObject({
      kind: 'signIn',
      name: 'ada',
      place: 'window',
      signingIn: false,
    });
    put({ ...inside, over: true, renewing: true });
    const facts = waitFacts(app, tab, waits);
    expect(facts).toMatchObject({ signingIn: true });
    const cancel = vi.spyOn(bridge, 'cancelSignIn');
    if (facts.kind === 'signIn') facts.oncancel?.();
    await vi.waitFor(() => expect(cancel).toHaveBeenCalledWith('ada'));
  });

  it('is under way from the start where the send begins with it', async () => {
    const tab = await app.requests.open(root, 'List pets.yml');
    const signIn = vi.spyOn(bridge, 'signIn').mockImplementation(() => new Promise(() => {}));
    void app.sends.sendAs(tab, 'bot');
    const facts = waitFacts(app, tab, { identity: 'bot', signIn: true });
    expect(facts).toMatchObject({ signingIn: true, oncancel: null });
    if (facts.kind === 'signIn') facts.onagain();
    expect(signIn).toHaveBeenCalledTimes(2);
  });
});
