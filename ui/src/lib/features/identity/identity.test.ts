import { render, screen, within } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { shown, text } from '../../../../tests/page';
import { identityOf, poolOf } from './fixtures';
import IdentityButton from './IdentityButton.svelte';
import IdentityList from './IdentityList.svelte';
import IdentitySheet from './IdentitySheet.svelte';

const actions = () => ({
  signIn: vi.fn(),
  signInByBrowser: vi.fn(),
  renew: vi.fn(),
  cancel: vi.fn(),
  signOut: vi.fn(),
  copy: vi.fn(() => Promise.resolve()),
  reveal: vi.fn(() => Promise.resolve('eyJ.tok.en')),
  update: vi.fn(() => Promise.resolve()),
  scopes: vi.fn(() => Promise.resolve(['openid', 'phone', 'petstore/read'])),
  remove: vi.fn(),
  editPool: vi.fn(),
  unlock: vi.fn(),
  close: vi.fn(),
});

const nowSeconds = () => Date.now() / 1000;

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

describe('the session sheet', () => {
  const show = (change: Record<string, unknown> = {}) => {
    const does = actions();
    const identity = identityOf({ issuedAt: nowSeconds() - 100, expiresAt: nowSeconds() + 3290 });
    render(IdentitySheet, { identity, pool: poolOf(), sandboxUsers: null, failure: null, actions: does, ...change });
    return does;
  };

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

  it('of an expired session asks to sign in again', () => {
    show({ identity: identityOf({ issuedAt: 0, expiresAt: 3600 }) });
    expect(shown(screen.getByRole('button', { name: 'Sign in again' }))).toBe(true);
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
