import { cleanup, screen, waitFor } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { describe, expect, it, vi } from 'vitest';
import { faults, shown, text, value } from '../../../../tests/page';
import type { PoolDraft, PoolView } from '$lib/bridge/types';
import { poolOf } from '../identity/fixtures';
import { connect, draft, offers, paste, submit } from './connect';
import { factsOf } from './pool';

describe('connecting a user pool', () => {
  it('reads the pasted address and goes on to the sign-in', async () => {
    const { read, save } = connect();
    await paste(' https://acme.auth.eu-west-1.amazoncognito.com/login?client_id=x ');
    expect(read).toHaveBeenCalledWith('https://acme.auth.eu-west-1.amazoncognito.com/login?client_id=x');
    expect(shown(screen.getByText('The address asks for a code.'))).toBe(true);
    expect(text(screen.getByRole('region', { name: 'What to register' }))).toContain('https://app.test/cb');
    await userEvent.click(submit());
    await waitFor(() => expect(save).toHaveBeenCalledWith({ ...factsOf(draft), remarks: [] }, null));
  });

  it('tells what is wrong with the address and keeps it', async () => {
    connect({ read: vi.fn(() => Promise.reject(new Error('“acme” is no domain.'))) });
    const field = screen.getByLabelText('Address of the hosted UI');
    await userEvent.type(field, 'acme');
    expect(text(await screen.findByRole('alert'))).toContain('“acme” is no domain.');
    expect(value(field)).toBe('acme');
    expect(submit().hasAttribute('disabled')).toBe(true);
  });

  it('is no dead end where the address cannot be read', async () => {
    const { save } = connect({ read: vi.fn(() => Promise.reject(new Error('“acme” is no domain.'))) });
    await userEvent.type(screen.getByLabelText('Address of the hosted UI'), 'acme');
    await screen.findByRole('alert');
    await userEvent.click(screen.getByRole('button', { name: 'Fill it in by hand' }));
    await userEvent.type(screen.getByLabelText('Domain'), 'acme.test');
    await userEvent.type(screen.getByLabelText('Client id'), 'client');
    expect(value(screen.getByLabelText('Address of the hosted UI'))).toBe('acme');
    await userEvent.click(submit());
    await waitFor(() => expect(save.mock.calls[0]?.[0]).toMatchObject({ domain: 'acme.test', clientId: 'client' }));
  });

  it('corrected, changes what the address carries and nothing else', async () => {
    const read = vi.fn(() => Promise.resolve(draft));
    connect({ read });
    await paste();
    await userEvent.click(screen.getByText(/^More:/));
    await userEvent.type(screen.getByLabelText('Name'), 'Mine');
    await userEvent.type(screen.getByLabelText('Certificate'), '/etc/ssl/acme.pem');
    await userEvent.type(screen.getByLabelText('Pool id'), 'eu-west-1_A');
    read.mockResolvedValueOnce({ ...draft, clientId: 'another', callback: '' });
    await userEvent.type(screen.getByLabelText('Address of the hosted UI'), '&x');
    await waitFor(() => expect(value(screen.getByLabelText('Client id'))).toBe('another'));
    const fields = ['Name', 'Certificate', 'Pool id', 'Callback URL'].map((label) =>
      value(screen.getByLabelText(label)),
    );
    expect(fields).toEqual(['Mine', '/etc/ssl/acme.pem', 'eu-west-1_A', 'https://app.test/cb']);
  });

  it('read late, leaves what was typed meanwhile', async () => {
    const read = vi.fn(() => Promise.resolve(draft));
    connect({ read });
    await paste();
    let answer: (draft: PoolDraft) => void = () => {};
    read.mockImplementationOnce(() => new Promise((resolve) => (answer = resolve)));
    await userEvent.type(screen.getByLabelText('Address of the hosted UI'), '&x');
    await waitFor(() => expect(read).toHaveBeenCalledTimes(2));
    await userEvent.type(screen.getByLabelText('Client id'), '0');
    answer({ ...draft, clientId: 'another', domain: 'https://b.test' });
    await waitFor(() => expect(value(screen.getByLabelText('Domain'))).toBe('https://b.test'));
    expect(value(screen.getByLabelText('Client id'))).toBe('1example234567890');
  });

  it('can be filled in by hand, and says what is missing', async () => {
    connect({ save: vi.fn(() => Promise.reject(new Error('The client id is malformed.'))) });
    await userEvent.click(screen.getByRole('button', { name: 'Fill it in by hand' }));
    await userEvent.type(screen.getByLabelText('Domain'), 'login.acme.test');
    expect(shown(screen.getByText(/The client id is missing/))).toBe(true);
    await userEvent.type(screen.getByLabelText('Client id'), 'bad');
    await userEvent.click(submit());
    expect(text(await screen.findByRole('alert'))).toContain('The client id is malformed.');
    expect(value(screen.getByLabelText('Domain'))).toBe('login.acme.test');
  });
});

describe('the place of the sign-in', () => {
  it('in the browser needs a callback on this machine, and offers one', async () => {
    const { save } = connect();
    await paste();
    await userEvent.click(screen.getByRole('radio', { name: 'In the browser' }));
    expect(text(screen.getByRole('alert'))).toContain('http://localhost:PORT/…');
    expect(submit().hasAttribute('disabled')).toBe(true);
    await userEvent.click(screen.getByRole('button', { name: 'Use http://localhost:4180/callback' }));
    expect(screen.queryByRole('alert')).toBeNull();
    await userEvent.click(submit());
    const place = { place: 'browser', callback: 'http://localhost:4180/callback' };
    await waitFor(() => expect(save.mock.calls[0]?.[0]).toMatchObject(place));
  });
});

it('asked for in the browser has a callback that comes back', () => {
  connect({ pool: poolOf(), inBrowser: true });
  expect(screen.getByRole('radio', { name: 'In the browser' }).getAttribute('aria-checked')).toBe('true');
  expect(value(screen.getByLabelText('Callback URL'))).toBe('http://localhost:4180/callback');
  expect(submit('Save').hasAttribute('disabled')).toBe(false);
});

it('a form with everything open has no fault', async () => {
  connect({ pool: poolOf({ provider: 'openId', place: 'browser' }) });
  await waitFor(() => expect(shown(screen.getByText(offers.why))).toBe(true));
  expect(await faults()).toEqual([]);
});

describe('what was typed', () => {
  const drafted = (onclose: ReturnType<typeof connect>['onclose']) => {
    const draft = onclose.mock.lastCall?.[0];
    if (!draft) throw new Error('nothing was kept');
    return draft;
  };

  /** Types a client id and a secret, and leaves by Escape. */
  async function leave(pool: PoolView | null) {
    const { onclose } = connect({ pool });
    if (!pool) await userEvent.click(screen.getByRole('button', { name: 'Fill it in by hand' }));
    await userEvent.clear(screen.getByLabelText('Client id'));
    await userEvent.type(screen.getByLabelText('Client id'), '7typed');
    if (!pool) await userEvent.click(screen.getByText(/^More:/));
    await userEvent.type(screen.getByLabelText('Client secret'), 's3cret');
    await userEvent.keyboard('{Escape}');
    cleanup();
    return drafted(onclose);
  }

  it('is kept when the sheet is left by Escape, and is there again', async () => {
    const draft = await leave(null);
    const { read } = connect({ draft });
    expect(shown(screen.getByText(/What you typed here before is still there/))).toBe(true);
    expect(value(screen.getByLabelText('Client id'))).toBe('7typed');
    expect(draft.secret.typed).toBe('s3cret');
    expect(read).not.toHaveBeenCalled();
    expect(await faults()).toEqual([]);
    await userEvent.click(screen.getByRole('button', { name: 'Begin anew' }));
    expect(screen.queryByLabelText('Client id')).toBeNull();
    expect(document.activeElement).toBe(screen.getByLabelText('Address of the hosted UI'));
  });

  it('stays beside what has become of its pool meanwhile', async () => {
    const pool = poolOf({ poolId: '' });
    const draft = await leave(pool);
    const { save } = connect({ draft, pool: { ...pool, facts: { ...pool.facts, poolId: 'eu-west-1_Learned01' } } });
    await userEvent.click(submit('Save'));
    const [kept, secret] = save.mock.calls[0] ?? [];
    expect([kept?.clientId, kept?.poolId, secret]).toEqual(['7typed', 'eu-west-1_Learned01', 's3cret']);
  });

  it('is not read anew from its address, which another one pasted elsewhere replaces', async () => {
    const { onclose } = connect();
    await paste();
    await userEvent.keyboard('{Escape}');
    cleanup();
    const { read } = connect({ draft: drafted(onclose), address: 'https://other.test/login' });
    await waitFor(() => expect(read).toHaveBeenCalledExactlyOnceWith('https://other.test/login'));
  });

  it('goes with Cancel, and nothing is kept where nothing was typed', async () => {
    const { onclose } = connect({ pool: poolOf(), inBrowser: true });
    await userEvent.keyboard('{Escape}');
    expect(onclose).toHaveBeenLastCalledWith(null);
    cleanup();
    const again = connect();
    await paste();
    await userEvent.click(screen.getByRole('button', { name: 'Cancel' }));
    expect(again.onclose).toHaveBeenLastCalledWith(null);
  });
});
