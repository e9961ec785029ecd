import { render, screen, waitFor, within } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { describe, expect, it, vi } from 'vitest';
import { shown, text, value } from '../../../../../tests/page';
import type { Auth } from '$lib/bridge/types';
import { identityOf, poolOf } from '$lib/features/identity/fixtures';
import AuthPanel from './AuthPanel.svelte';
import type { AuthActions, AuthFacts } from '../facts';

const inherit: Auth = { token: { mode: 'inherit' }, apiKey: { mode: 'inherit' } };
const inherited: AuthFacts = {
  identities: [identityOf()],
  pools: [poolOf()],
  chosenIdentity: 'ada',
  inheritedToken: { mode: 'send', identity: null, token: 'id', header: 'dev-auth-token', prefix: '' },
  inheritedApiKey: { mode: 'send', header: 'x-api-key', variable: 'petKey' },
  inheritedFrom: { token: 'PetStore', apiKey: 'PetStore' },
  canInherit: true,
  apiKeyStored: true,
  secretNames: ['petKey'],
};

function show(auth: Auth, facts: Partial<AuthFacts> = {}, change: Partial<AuthActions> = {}) {
  const actions = {
    storeKey: vi.fn(() => Promise.resolve()),
    revealKey: vi.fn(() => Promise.resolve('k3y')),
    signIn: vi.fn(),
    ...change,
  };
  const onchange = vi.fn<(auth: Auth) => void>();
  render(AuthPanel, { auth, facts: { ...inherited, ...facts }, actions, onchange });
  return { onchange, actions };
}

const part = (name: 'Token' | 'API key') => within(screen.getByRole('region', { name }));

describe('credentials that are inherited', () => {
  it('show what holds and where it comes from', () => {
    show(inherit);
    expect(shown(part('Token').getByText('from PetStore'))).toBe(true);
    expect(value(part('Token').getByRole('combobox', { name: 'Token header' }))).toBe('dev-auth-token');
    expect(value(part('API key').getByRole('combobox', { name: 'API key header' }))).toBe('x-api-key');
  });

  it('become this request’s own by overriding, with the same values', async () => {
    const { onchange } = show(inherit);
    await userEvent.click(screen.getByRole('button', { name: 'override the token here' }));
    expect(onchange).toHaveBeenCalledWith({ ...inherit, token: inherited.inheritedToken });
  });

  it('become this request’s own by a change of one value', async () => {
    const { onchange } = show(inherit);
    await userEvent.click(screen.getByRole('radio', { name: 'Access token' }));
    expect(onchange).toHaveBeenCalledWith({ ...inherit, token: { ...inherited.inheritedToken, token: 'access' } });
  });

  it('are left out one by one', async () => {
    const { onchange } = show(inherit);
    await userEvent.click(screen.getByRole('button', { name: 'send no API key' }));
    expect(onchange).toHaveBeenCalledWith({ ...inherit, apiKey: { mode: 'none' } });
  });
});

it('credentials of a collection cannot be inherited', () => {
  show({ token: { mode: 'none' }, apiKey: { mode: 'none' } }, { canInherit: false });
  expect(screen.queryByRole('button', { name: /^inherit/ })).toBeNull();
  expect(shown(screen.getByText(/A gateway with an authorizer answers 401/))).toBe(true);
});

it('an identity that is signed out is told, with the way to sign in', async () => {
  const out = { ...identityOf(), state: { kind: 'signedOut' as const } };
  const { actions } = show(inherit, { identities: [out] });
  await userEvent.click(part('Token').getByRole('button', { name: 'Sign in' }));
  expect(actions.signIn).toHaveBeenCalledWith('ada');
});

describe('the key', () => {
  it('is masked until it is revealed', async () => {
    const { actions } = show(inherit);
    const field = part('API key').getByRole('textbox', { name: 'API key' });
    expect(value(field)).toBe('••••••••••••');
    await userEvent.click(screen.getByRole('button', { name: 'reveal the API key' }));
    await waitFor(() => expect(value(field)).toBe('k3y'));
    expect(actions.revealKey).toHaveBeenCalledWith('petKey');
    await userEvent.click(screen.getByRole('button', { name: 'hide the API key' }));
    expect(value(field)).toBe('••••••••••••');
  });

  it('is kept under its variable when it is typed, and leaves the page', async () => {
    const { actions } = show(inherit, { apiKeyStored: false });
    const field = screen.getByLabelText('API key', { selector: 'input[type=password]' });
    await userEvent.type(field, ' n3w-key {Enter}');
    await waitFor(() => expect(actions.storeKey).toHaveBeenCalledWith('petKey', 'n3w-key'));
    expect(actions.storeKey).toHaveBeenCalledOnce();
    expect(field.isConnected).toBe(false);
    expect(value(part('API key').getByRole('textbox', { name: 'API key' }))).toBe('••••••••••••');
  });

  it('that cannot be kept says why and stays typed', async () => {
    const storeKey = vi.fn(() => Promise.reject(new Error('The keychain is locked.')));
    show(inherit, { apiKeyStored: false }, { storeKey });
    const field = screen.getByLabelText('API key', { selector: 'input[type=password]' });
    await userEvent.type(field, 'n3w{Enter}');
    expect(text(await screen.findByRole('alert'))).toContain('The keychain is locked.');
    expect(value(field)).toBe('n3w');
  });

  it('has no place before the request has a collection', () => {
    show(inherit, { apiKeyStored: false }, { storeKey: null });
    expect(screen.getByLabelText('API key', { selector: 'input[type=password]' }).hasAttribute('disabled')).toBe(true);
  });
});
