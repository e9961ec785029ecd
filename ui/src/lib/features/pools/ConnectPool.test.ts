import { cleanup, render, screen, waitFor } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { describe, expect, it, vi } from 'vitest';
import { faults, shown, text, value } from '../../../../tests/page';
import type { GrantOffers, PoolDraft, PoolView } from '$lib/bridge/types';
import { poolOf } from '../identity/fixtures';
import ConnectPool from './ConnectPool.svelte';
import { factsOf } from './pool';
import type { PoolForm } from './pool-form.svelte';

const offers: GrantOffers = {
  code: { kind: 'open' },
  implicit: { kind: 'refused', why: 'The app client does not have the implicit grant.' },
  proposed: 'code',
  why: 'With a code the tokens never stand in an address.',
};

const draft: PoolDraft = {
  domain: 'https://acme.auth.eu-west-1.amazoncognito.com',
  clientId: '1example23456789',
  callback: 'https://app.test/cb',
  scopes: ['openid', 'email'],
  region: 'eu-west-1',
  remarks: ['The address asks for a code.'],
};

function connect(change: { pool?: PoolView | null; said?: GrantOffers } & Record<string, unknown> = {}) {
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

async function paste(address = 'https://acme.auth.eu-west-1.amazoncognito.com/login?client_id=x') {
  await userEvent.click(screen.getByLabelText('Address of the hosted UI'));
  await userEvent.paste(address);
  await waitFor(() => expect(value(screen.getByLabelText('Client id'))).toBe('1example23456789'));
}

const chosenGrant = () =>
  text(screen.getByRole('radio', { checked: true, name: /Authorization|Implicit|Client cred/ }));
const submit = (name = 'Sign in') => screen.getByRole('button', { name });

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
