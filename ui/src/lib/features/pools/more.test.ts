import { screen, waitFor } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { describe, expect, it, vi } from 'vitest';
import { shown, text, value } from '../../../../tests/page';
import type { PoolDraft, PoolView } from '$lib/bridge/types';
import { poolOf } from '../identity/fixtures';
import { connect, draft, paste, submit } from './connect';

describe('more of a pool', () => {
  const more = () => userEvent.click(screen.getByText(/^More:/));

  it('reads another provider from its issuer and keeps what was typed', async () => {
    const found = {
      provider: 'openId' as const,
      domain: 'https://id.test',
      endpoints: { token: 'https://id.test/token' },
    };
    const { discover } = connect({ discover: vi.fn((facts: PoolDraft) => Promise.resolve({ ...facts, ...found })) });
    await paste();
    await more();
    await userEvent.type(screen.getByLabelText('Issuer'), 'https://id.test');
    await userEvent.click(screen.getByRole('button', { name: 'Read from the issuer' }));
    await waitFor(() => expect(value(screen.getByLabelText('Token'))).toBe('https://id.test/token'));
    expect(screen.getByRole('radio', { name: 'Another OpenID provider' }).getAttribute('aria-checked')).toBe('true');
    expect(value(screen.getByLabelText('Client id'))).toBe('1example23456789');
    expect(discover).toBeDefined();
  });

  it('shows the usual place of each endpoint and takes another', async () => {
    const { save } = connect();
    await paste();
    await more();
    const token = screen.getByLabelText('Token');
    expect(token.getAttribute('placeholder')).toBe('https://acme.auth.eu-west-1.amazoncognito.com/oauth2/token');
    await userEvent.type(token, 'http://127.0.0.1:9229/token');
    await userEvent.click(screen.getByRole('button', { name: 'Choose…' }));
    await waitFor(() => expect(value(screen.getByLabelText('Certificate'))).toBe('/etc/ssl/acme.pem'));
    await userEvent.click(submit());
    await waitFor(() => expect(save).toHaveBeenCalled());
    expect(save.mock.calls[0]?.[0]).toMatchObject({
      endpoints: { token: 'http://127.0.0.1:9229/token' },
      certificate: '/etc/ssl/acme.pem',
    });
  });

  it('read from the issuer, leaves what was typed meanwhile', async () => {
    let answer: (found: PoolDraft) => void = () => {};
    connect({
      discover: vi.fn(() => new Promise<PoolDraft>((resolve) => (answer = resolve))),
    });
    await paste();
    await more();
    await userEvent.type(screen.getByLabelText('Issuer'), 'https://id.test');
    await userEvent.click(screen.getByRole('button', { name: 'Read from the issuer' }));
    await userEvent.type(screen.getByLabelText('Name'), 'Mine');
    await userEvent.type(screen.getByLabelText('Token'), 'https://mine.test/token');
    answer({
      ...draft,
      issuer: 'https://id.test',
      domain: 'https://id.test',
      provider: 'openId',
      endpoints: { token: 'https://id.test/token', jwks: 'https://id.test/jwks' },
    });
    await waitFor(() => expect(value(screen.getByLabelText('Domain'))).toBe('https://id.test'));
    const fields = ['Name', 'Token', 'Keys (JWKS)'].map((label) => value(screen.getByLabelText(label)));
    expect(fields).toEqual(['Mine', 'https://mine.test/token', 'https://id.test/jwks']);
  });
});

describe('the secret of a client', () => {
  const pool = (): PoolView => ({ ...poolOf(), clientSecret: true, notes: ['Updated issuer.'] });
  const where = () => text(screen.getByLabelText('Client secret').parentElement);
  const save = () => userEvent.click(screen.getByRole('button', { name: 'Save' }));

  it('that is stored is said and not shown, and is left alone', async () => {
    const calls = connect({ pool: pool() });
    expect(where()).toContain('stored');
    expect(value(screen.getByLabelText('Client secret'))).toBe('');
    expect(text(screen.getByRole('list', { name: 'Notes on the pool' }))).toBe('Updated issuer.');
    await save();
    expect(calls.save).toHaveBeenCalledWith(expect.anything(), null);
  });

  it('is removed when the pool is saved, and not before', async () => {
    const calls = connect({ pool: pool() });
    const remove = () => userEvent.click(screen.getByRole('button', { name: 'Remove the client secret' }));
    await remove();
    expect(where()).toContain('removed when you save');
    await userEvent.click(screen.getByRole('button', { name: 'Keep the client secret' }));
    expect(where()).toContain('stored');
    await remove();
    expect(calls.save).not.toHaveBeenCalled();
    await save();
    expect(calls.save).toHaveBeenCalledWith(expect.anything(), '');
  });

  it.each(['Client id', 'Domain'])('is not that of another client: %s', async (label) => {
    connect({ pool: pool() });
    const field = screen.getByLabelText(label);
    await userEvent.type(field, 'x');
    expect(where()).not.toContain('stored');
    expect(screen.queryByRole('button', { name: 'Remove the client secret' })).toBeNull();
    await userEvent.type(field, '{Backspace}');
    expect(where()).toContain('stored');
  });

  it('is needed by a machine, also instead of one that is removed', async () => {
    connect({ pool: { ...poolOf({ grant: 'clientCredentials' }), clientSecret: true } });
    expect(submit('Save').hasAttribute('disabled')).toBe(false);
    await userEvent.click(screen.getByRole('button', { name: 'Remove the client secret' }));
    expect(submit('Save').hasAttribute('disabled')).toBe(true);
    expect(shown(screen.getByText(/The client secret is missing/))).toBe(true);
  });
});
