import { render, screen, within } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { faults, shown, text } from '../../../../tests/page';
import type { IdentityView } from '$lib/bridge/types';
import { identityOf, poolOf } from './fixtures';
import IdentityButton from './IdentityButton.svelte';
import IdentityList from './IdentityList.svelte';
import { nowSeconds, show } from './show';

describe('the countdown in the title bar', () => {
  beforeEach(() => void vi.useFakeTimers({ now: 1_000_000_000_000 }));
  afterEach(() => void vi.useRealTimers());

  it('goes on by the minute, then by the second, and stops when it is over', async () => {
    const identity = identityOf({ issuedAt: nowSeconds() - 3470, expiresAt: nowSeconds() + 130 });
    render(IdentityButton, { identity, pool: poolOf(), onopen: vi.fn(), onsignin: vi.fn() });
    const button = () => screen.getByRole('button', { name: /^Identity ada/ });
    expect(text(button())).toContain('2 min');
    await vi.advanceTimersByTimeAsync(11_000);
    expect(text(button())).toContain('1 min');
    await vi.advanceTimersByTimeAsync(90_000);
    expect(text(button())).toContain('29 s');
    await vi.advanceTimersByTimeAsync(30_000);
    expect(text(button())).toContain('expired');
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe('the list of identities', () => {
  it('tells how each stands and offers what is next', async () => {
    const ada = identityOf({ issuedAt: nowSeconds() - 100, expiresAt: nowSeconds() + 3290 });
    const bot = { ...identityOf(), id: 'bot', name: 'staging bot', state: { kind: 'signedOut' as const } };
    const calls = { onchoose: vi.fn(), onopen: vi.fn(), onsignin: vi.fn(), onadd: vi.fn() };
    render(IdentityList, { identities: [ada, bot], pools: [poolOf()], chosen: 'ada', ...calls });
    expect(screen.getByRole('button', { name: 'Use ada, Acme' }).getAttribute('aria-pressed')).toBe('true');
    await userEvent.click(screen.getByRole('button', { name: 'Session of ada, 54 min' }));
    expect(calls.onopen).toHaveBeenCalledWith('ada');
    await userEvent.click(screen.getByRole('button', { name: 'Use staging bot, Acme' }));
    expect(calls.onchoose).toHaveBeenCalledWith('bot');
    await userEvent.click(screen.getByRole('button', { name: 'Sign in staging bot' }));
    expect(calls.onsignin).toHaveBeenCalledWith('bot');
  });

  it('without anybody says so', () => {
    render(IdentityList, {
      identities: [],
      pools: [],
      chosen: null,
      onchoose: vi.fn(),
      onopen: vi.fn(),
      onsignin: vi.fn(),
      onadd: vi.fn(),
    });
    expect(shown(screen.getByText('Nobody is signed in'))).toBe(true);
  });
});

const renewing = (identity: IdentityView): IdentityView => ({
  ...identity,
  state: identity.state.kind === 'signedIn' ? { ...identity.state, renewing: true } : identity.state,
});

describe('the session sheet', () => {
  it('shows who, the claims and the checks', () => {
    show();
    expect(shown(screen.getByRole('heading', { name: 'ada@example.com' }))).toBe(true);
    expect(shown(screen.getByText('Acme · eu-west-1_AbCdEfGhI · client “1example23456789”'))).toBe(true);
    const claims = within(screen.getByRole('table', { name: 'Claims' }));
    expect(shown(claims.getByRole('row', { name: /aud.*1example23456789.*this app client/ }))).toBe(true);
    expect(shown(claims.getByRole('row', { name: /exp.*in 54 min/ }))).toBe(true);
    const checks = within(screen.getByRole('list', { name: 'Checks passed before the tokens were kept' }));
    expect(text(checks.getByText('signature'))).toBe('signature, key 9kQ');
    expect(shown(screen.getByText('kept in the keychain'))).toBe(true);
  });

  it('says on request what each check has found', async () => {
    show();
    const checks = within(screen.getByRole('list', { name: /^Checks passed/ }));
    expect(checks.queryByText('key 9kQ')).toBeNull();
    await userEvent.click(screen.getByRole('button', { name: 'Show what was found' }));
    expect(shown(checks.getByText('key 9kQ'))).toBe(true);
    expect(text(checks.getByRole('listitem'))).toBe('signature key 9kQ');
    expect(await faults()).toEqual([]);
  });

  it.each([
    [3600, true],
    [-3600, false],
  ])('marks an end that is %i s away as checked: %s', (left, marked) => {
    show({ identity: identityOf({ issuedAt: nowSeconds() - 7200, expiresAt: nowSeconds() + left }) });
    const row = within(screen.getByRole('row', { name: /^exp/ }));
    expect(row.queryByLabelText('checked') !== null).toBe(marked);
  });

  it('shows an issuer that was learned from the first token', () => {
    show({ pool: { ...poolOf(), learned: true } });
    expect(text(screen.getByText(/read from the first token/))).toContain(
      'https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_AbCdEfGhI',
    );
  });

  it('copies without showing, and shows a token only on request', async () => {
    const does = show();
    await userEvent.click(screen.getByRole('button', { name: 'Copy token' }));
    expect(does.copy).toHaveBeenCalledWith('id');
    expect(does.reveal).not.toHaveBeenCalled();
    await userEvent.click(screen.getByRole('tab', { name: 'Access token' }));
    await userEvent.click(screen.getByRole('tab', { name: 'Raw' }));
    await userEvent.click(screen.getByRole('button', { name: 'Reveal the token' }));
    expect(does.reveal).toHaveBeenCalledWith('access');
    expect(text(await screen.findByTestId('revealed-token'))).toContain('eyJ.tok.en');
    await userEvent.click(screen.getByRole('button', { name: 'Hide the token' }));
    expect(screen.queryByTestId('revealed-token')).toBeNull();
  });

  it('renews and signs out', async () => {
    const does = show();
    await userEvent.click(screen.getByRole('button', { name: 'Renew now' }));
    await userEvent.click(screen.getByRole('button', { name: 'Sign out' }));
    expect([does.renew, does.signOut].map((call) => call.mock.calls.length)).toEqual([1, 1]);
  });

  it.each([
    ['a refresh token', 'Renew now', { refreshable: true }, {}],
    ['the session’s cookie', 'Renew now', { refreshable: false }, {}],
    ['a form alone', 'Sign in again', { refreshable: false }, { place: 'browser' as const }],
    ['the client’s secret', 'Renew now', { only: 'access' as const }, { grant: 'clientCredentials' as const }],
  ])('of an expired session that is renewed by %s offers: %s', (_name, label, facts, pool) => {
    show({ identity: identityOf({ ...facts, issuedAt: 0, expiresAt: 3600 }), pool: poolOf(pool) });
    expect(shown(screen.getByRole('button', { name: label }))).toBe(true);
  });

  it('while it renews keeps its button and offers to cancel', async () => {
    const does = show({ identity: renewing(identityOf()) });
    const button = screen.getByRole('button', { name: 'Renewing…' });
    await userEvent.click(button);
    expect(does.renew).not.toHaveBeenCalled();
    expect(document.activeElement).toBe(button);
    await userEvent.click(screen.getByRole('button', { name: 'Cancel the sign-in' }));
    expect(does.cancel).toHaveBeenCalledOnce();
    expect(screen.queryByText(/The sign-in page/)).toBeNull();
  });

  it('while the user signs in anew says where the form is, and opens it again', async () => {
    const does = show({
      identity: renewing(identityOf({ over: true })),
      place: 'browser',
    });
    expect(text(screen.getByText(/The sign-in page/))).toContain('is open in your browser');
    expect(shown(screen.getByRole('button', { name: 'Signing in…' }))).toBe(true);
    await userEvent.click(screen.getByRole('button', { name: 'Open it again' }));
    expect(does.again).toHaveBeenCalledOnce();
    expect(await faults()).toEqual([]);
  });

  it('says that the form is in the browser where that was asked for once', async () => {
    const does = show({ identity: { ...identityOf(), state: { kind: 'signingIn' } }, place: 'browser' });
    expect(text(screen.getByText(/The sign-in page/))).toContain('is open in your browser');
    await userEvent.click(screen.getByRole('button', { name: 'Open it again' }));
    expect(does.again).toHaveBeenCalledOnce();
  });

  it('waiting for the window offers to cancel, and at the sandbox tells whom to be', async () => {
    const users = [{ username: 'ada', password: 'Temp-Passw0rd!', temporary: true }];
    const does = show({ identity: { ...identityOf(), state: { kind: 'signingIn' } }, sandboxUsers: users });
    expect(shown(screen.getByText('Temp-Passw0rd!'))).toBe(true);
    await userEvent.click(screen.getByRole('button', { name: 'Cancel the sign-in' }));
    expect(does.cancel).toHaveBeenCalledOnce();
  });

  it('after a refusal says why and keeps the way open', () => {
    const failure = {
      code: 'signInRefused',
      message: 'The callback is not registered.',
      hint: 'Register it.',
      causes: [],
    };
    show({ identity: { ...identityOf(), state: { kind: 'signedOut' } }, failure });
    expect(text(screen.getByRole('alert'))).toContain('The callback is not registered.');
    expect(screen.getByRole('button', { name: 'Sign in' }).hasAttribute('disabled')).toBe(false);
  });

  it('behind a locked keychain offers to unlock it', async () => {
    const does = show({ identity: { ...identityOf(), state: { kind: 'locked' } } });
    await userEvent.click(screen.getByRole('button', { name: 'Unlock the keychain' }));
    expect(does.unlock).toHaveBeenCalledOnce();
  });
});

describe('a session that is over', () => {
  const over = () => identityOf({ issuedAt: 0, expiresAt: 3600, over: true });

  it('is told in the list and the title bar, with the way on', async () => {
    const calls = { onchoose: vi.fn(), onopen: vi.fn(), onsignin: vi.fn(), onadd: vi.fn() };
    render(IdentityList, { identities: [over()], pools: [poolOf()], chosen: 'ada', ...calls });
    expect(shown(screen.getByRole('button', { name: 'Session of ada, session over' }))).toBe(true);
    const onsignin = vi.fn();
    render(IdentityButton, { identity: over(), pool: poolOf(), onopen: vi.fn(), onsignin });
    expect(shown(screen.getByRole('button', { name: 'Identity ada, Acme, session over' }))).toBe(true);
    await userEvent.click(screen.getByRole('button', { name: 'Sign in' }));
    expect(onsignin).toHaveBeenCalledOnce();
  });

  it('asks in its sheet to sign in as the same user', async () => {
    const does = show({ identity: over() });
    expect(shown(screen.getByText('The session is over.'))).toBe(true);
    expect(shown(screen.getByText('signs in again to renew'))).toBe(true);
    await userEvent.click(screen.getByRole('button', { name: 'Sign in' }));
    expect(does.renew).toHaveBeenCalledOnce();
  });
});

describe('how a session is renewed', () => {
  it.each([
    ['by a refresh token', { refreshable: true }, {}, 'renews by refresh token'],
    ['through the cookie', { refreshable: false }, {}, 'renews through the session'],
    ['in the browser', { refreshable: false }, { place: 'browser' as const }, 'signs in again to renew'],
    ['as a machine', { refreshable: false }, { grant: 'clientCredentials' as const }, 'renews by the client’s secret'],
  ])('is told in a word: %s', (_name, facts, pool, words) => {
    show({ identity: identityOf(facts), pool: poolOf(pool) });
    expect(shown(screen.getByText(words))).toBe(true);
  });
});

it('what differs from the last token is marked with its former value', () => {
  const changes = [
    { name: 'aud', before: 'another', after: '1example23456789' },
    { name: 'custom:plan', before: 'trial', after: null },
    { name: 'sub', before: null, after: '3f0c6e0e' },
  ];
  show({ identity: identityOf({ changes }) });
  const claims = within(screen.getByRole('table', { name: 'Claims' }));
  expect(shown(claims.getByRole('row', { name: 'aud 1example23456789 changed was another' }))).toBe(true);
  expect(shown(claims.getByRole('row', { name: 'custom:plan gone was trial' }))).toBe(true);
  expect(shown(claims.getByRole('row', { name: 'sub 3f0c6e0e new' }))).toBe(true);
});

it('what differs in one token is not marked in the other', async () => {
  show({ identity: identityOf({ changes: [{ name: 'aud', before: 'another', after: '1example23456789' }] }) });
  await userEvent.click(screen.getByRole('tab', { name: 'Access token' }));
  expect(screen.queryByText('changed')).toBeNull();
  await userEvent.click(screen.getByRole('tab', { name: 'ID token' }));
  expect(shown(screen.getByText('changed'))).toBe(true);
});

it('a machine has no ID token and is called one', () => {
  show({ identity: identityOf({ only: 'access' }), pool: poolOf({ grant: 'clientCredentials' }) });
  expect(shown(screen.getByText('machine'))).toBe(true);
  expect(screen.queryByRole('tab', { name: 'ID token' })).toBeNull();
  expect(screen.getByRole('tab', { name: 'Access token' }).getAttribute('aria-selected')).toBe('true');
});

describe('a provider that refuses the window', () => {
  const failure = { code: 'providerRefusesWindow' as const, message: 'No window.', hint: '', causes: [] };
  const out = { ...identityOf(), state: { kind: 'signedOut' as const } };

  it('leads to the browser', async () => {
    const does = show({ identity: out, failure, pool: poolOf({ callback: 'http://localhost:4180/callback' }) });
    expect(shown(screen.getByText('This provider wants the browser'))).toBe(true);
    await userEvent.click(screen.getByRole('button', { name: 'Sign in in the browser' }));
    expect(does.signInByBrowser).toHaveBeenCalledOnce();
  });

  it('and a callback that no browser comes back to lead to the pool, with the browser’s filled in', async () => {
    const does = show({ identity: out, failure });
    expect(screen.queryByRole('button', { name: 'Sign in in the browser' })).toBeNull();
    const card = within(screen.getByRole('alert'));
    await userEvent.click(card.getByRole('button', { name: 'Set the pool up for the browser' }));
    expect(does.moveToBrowser).toHaveBeenCalledOnce();
  });

  it('and a callback of the sandbox’s that no browser comes back to lead nowhere that cannot work', () => {
    show({ identity: out, failure, pool: { ...poolOf(), sandbox: true } });
    expect(within(screen.getByRole('alert')).queryByRole('button')).toBeNull();
  });

  it('whose pool is not set up leads to the pool', async () => {
    const does = show({ identity: out, failure: { ...failure, code: 'poolInvalid' } });
    await userEvent.click(screen.getByRole('button', { name: 'Edit the user pool' }));
    expect(does.editPool).toHaveBeenCalledOnce();
  });
});
