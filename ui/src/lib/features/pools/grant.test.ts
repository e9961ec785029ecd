import { screen, waitFor } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { describe, expect, it, vi } from 'vitest';
import { shown, text, value } from '../../../../tests/page';
import type { GrantOffers } from '$lib/bridge/types';
import { chosenGrant, connect, draft, offers, paste, submit } from './connect';

describe('the grant', () => {
  it('that the pool is asked about is proposed with its reason, and a refused one is marked with it', async () => {
    const { ask } = connect({
      said: {
        ...offers,
        proposed: 'implicit',
        code: { kind: 'refused', why: 'No code grant.' },
        implicit: { kind: 'open' },
        why: 'The code is not switched on.',
      },
    });
    await paste();
    await waitFor(() => expect(chosenGrant()).toBe('Implicit'));
    expect(ask).toHaveBeenCalledTimes(1);
    expect(shown(screen.getByText('The code is not switched on.'))).toBe(true);
    await userEvent.click(screen.getByRole('radio', { name: /Authorization code Refused by the pool: No code grant/ }));
    expect(shown(screen.getByText('No code grant.'))).toBe(true);
  });

  it('stays as the user has chosen it, whatever comes later', async () => {
    const { save } = connect();
    await paste();
    await userEvent.click(screen.getByRole('radio', { name: 'Implicit' }));
    await waitFor(() => expect(shown(screen.getByText('The app client does not have the implicit grant.'))).toBe(true));
    expect(chosenGrant()).toContain('Implicit');
    expect(text(screen.getByRole('region', { name: 'What to register' }))).toContain('Implicit grant');
    await userEvent.click(submit());
    await waitFor(() => expect(save.mock.calls[0]?.[0].grant).toBe('implicit'));
  });

  it('of a machine needs a secret, no callback, and custom scopes', async () => {
    const { save } = connect();
    await paste();
    await userEvent.click(screen.getByRole('radio', { name: 'Client credentials' }));
    expect(screen.queryByLabelText('Callback URL')).toBeNull();
    expect(value(screen.getByLabelText('Scopes'))).toBe('');
    expect(submit('Get a token').hasAttribute('disabled')).toBe(true);
    await userEvent.type(screen.getByLabelText('Scopes'), 'petstore/read');
    const secret = screen.getByLabelText('Client secret');
    expect(secret.getAttribute('type')).toBe('password');
    await userEvent.type(secret, 's3cret');
    expect(text(screen.getByRole('region', { name: 'What to register' }))).toMatch(
      /Client credentials.*petstore\/read/,
    );
    await userEvent.click(submit('Get a token'));
    await waitFor(() => expect(save).toHaveBeenCalledTimes(1));
    const [kept, typed] = save.mock.calls[0] ?? [];
    expect(kept).toMatchObject({ grant: 'clientCredentials', callback: '', scopes: ['petstore/read'] });
    expect(typed).toBe('s3cret');
    expect(JSON.stringify(kept)).not.toContain('s3cret');
    await waitFor(() => expect(value(secret)).toBe(''));
  });

  it('of a machine that is passed over leaves the scopes', async () => {
    connect({ read: vi.fn(() => Promise.resolve({ ...draft, scopes: ['openid', 'profile', 'pets/read'] })) });
    await paste();
    await userEvent.click(screen.getByRole('radio', { name: 'Client credentials' }));
    expect(value(screen.getByLabelText('Scopes'))).toBe('pets/read');
    await userEvent.click(screen.getByRole('radio', { name: 'Implicit' }));
    expect(value(screen.getByLabelText('Scopes'))).toBe('openid profile pets/read');
  });

  it('keeps its reason until the pool has answered anew', async () => {
    const ask = vi.fn(() => Promise.resolve(offers));
    connect({ ask });
    await paste();
    await waitFor(() => expect(shown(screen.getByText(offers.why))).toBe(true));
    let answer: (said: GrantOffers) => void = () => {};
    ask.mockImplementationOnce(() => new Promise((resolve) => (answer = resolve)));
    await userEvent.type(screen.getByLabelText('Domain'), 'x');
    expect(text(await screen.findByText('Asking the pool…'))).not.toBe('');
    expect(screen.getByText('Asking the pool…').closest('[role=status]')).toBeNull();
    expect(shown(screen.getByText(offers.why))).toBe(true);
    answer({ ...offers, why: 'Another reason.' });
    await waitFor(() => expect(shown(screen.getByText('Another reason.'))).toBe(true));
    expect(screen.queryByText('Asking the pool…')).toBeNull();
  });

  it('that cannot be asked about is described all the same', async () => {
    connect({ ask: vi.fn(() => Promise.reject(new Error('no network'))) });
    await paste();
    await waitFor(() => expect(shown(screen.getByText(/A code comes in the redirect/))).toBe(true));
    expect(screen.queryByText(/no network/)).toBeNull();
  });
});
