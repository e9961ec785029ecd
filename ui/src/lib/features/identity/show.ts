/** The sheet of an identity on the page, for tests. */
import { render } from '@testing-library/svelte';
import { vi } from 'vitest';
import { identityOf, poolOf } from './fixtures';
import IdentitySheet from './IdentitySheet.svelte';

export const actions = () => ({
  signIn: vi.fn(),
  signInByBrowser: vi.fn(),
  renew: vi.fn(),
  again: vi.fn(),
  cancel: vi.fn(),
  signOut: vi.fn(),
  copy: vi.fn(() => Promise.resolve()),
  reveal: vi.fn(() => Promise.resolve('eyJ.tok.en')),
  update: vi.fn(() => Promise.resolve()),
  scopes: vi.fn(() => Promise.resolve(['openid', 'phone', 'petstore/read'])),
  remove: vi.fn(),
  editPool: vi.fn(),
  moveToBrowser: vi.fn(),
  unlock: vi.fn(),
  close: vi.fn(),
});

export const nowSeconds = () => Date.now() / 1000;

/** Shows it, and gives what it can be told to do. */
export function show(change: Record<string, unknown> = {}) {
  const does = actions();
  const identity = identityOf({ issuedAt: nowSeconds() - 100, expiresAt: nowSeconds() + 3290 });
  render(IdentitySheet, {
    identity,
    pool: poolOf(),
    place: 'window',
    sandboxUsers: null,
    failure: null,
    actions: does,
    ...change,
  });
  return does;
}
