/** The sheet of a user pool on the page, for tests. */
import { render, screen, waitFor } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { expect, vi } from 'vitest';
import { text, value } from '../../../../tests/page';
import type { GrantOffers, PoolDraft, PoolView } from '$lib/bridge/types';
import ConnectPool from './ConnectPool.svelte';
import type { PoolForm } from './pool-form.svelte';

export const offers: GrantOffers = {
  code: { kind: 'open' },
  implicit: { kind: 'refused', why: 'The app client does not have the implicit grant.' },
  proposed: 'code',
  why: 'With a code the tokens never stand in an address.',
};

export const draft: PoolDraft = {
  domain: 'https://acme.auth.eu-west-1.amazoncognito.com',
  clientId: '1example23456789',
  callback: 'https://app.test/cb',
  scopes: ['openid', 'email'],
  region: 'eu-west-1',
  remarks: ['The address asks for a code.'],
};

export function connect(change: { pool?: PoolView | null; said?: GrantOffers } & Record<string, unknown> = {}) {
  const calls = {
    read: vi.fn(() => Promise.resolve(draft)),
    ask: vi.fn(() => Promise.resolve(change.said ?? offers)),
    discover: vi.fn((facts: PoolDraft) => Promise.resolve(facts)),
    chooseFile: vi.fn(() => Promise.resolve('/etc/ssl/acme.pem')),
    save: vi.fn((_draft: PoolDraft, _secret: string | null) => Promise.resolve()),
    onclose: vi.fn((_draft: PoolForm | null) => {}),
  };
  const { pool = null, said: _, ...rest } = change;
  render(ConnectPool, { pool, ...calls, ...rest });
  return calls;
}

export async function paste(address = 'https://acme.auth.eu-west-1.amazoncognito.com/login?client_id=x') {
  await userEvent.click(screen.getByLabelText('Address of the hosted UI'));
  await userEvent.paste(address);
  await waitFor(() => expect(value(screen.getByLabelText('Client id'))).toBe('1example23456789'));
}

export const chosenGrant = () =>
  text(screen.getByRole('radio', { checked: true, name: /Authorization|Implicit|Client cred/ }));
export const submit = (name = 'Sign in') => screen.getByRole('button', { name });
