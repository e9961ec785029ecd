import { render, screen, waitFor, within } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { describe, expect, it, vi } from 'vitest';
import { faults, shown, text, value } from '../../../../tests/page';
import { inspected } from '../../../../tests/preview/data';
import { poolOf } from '../identity/fixtures';
import TokenInspector from './TokenInspector.svelte';

const JWT = 'eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJhZGEifQ.c2ln';

function show(change: Record<string, unknown> = {}) {
  const calls = {
    inspect: vi.fn((_token: string, pool: string | null) => Promise.resolve(inspected(pool))),
    onclose: vi.fn(),
  };
  const view = render(TokenInspector, { pools: [poolOf()], pool: 'pool', ...calls, ...change });
  return { ...calls, ...view };
}

const field = () => screen.getByRole('textbox', { name: 'Token' });

async function paste(token = JWT) {
  await userEvent.click(field());
  await userEvent.paste(token);
}

describe('a pasted token', () => {
  it('is taken apart and explained, with its end as time and countdown', async () => {
    const { inspect } = show();
    await paste(`  ${JWT}\n`);
    const claims = within(await screen.findByRole('table', { name: 'Claims' }));
    await waitFor(() => expect(inspect).toHaveBeenCalledWith(JWT, 'pool'));
    expect(shown(claims.getByRole('row', { name: /cognito:groups.*buyers, beta.*groups/ }))).toBe(true);
    expect(shown(within(screen.getByRole('table', { name: 'Header' })).getByText('RS256'))).toBe(true);
    expect(shown(screen.getByText(/^Ends in \d+ min · (today|tomorrow) \d\d:\d\d:\d\d$/))).toBe(true);
  });

  it('is held against the pool, check by check, in words', async () => {
    show();
    await paste();
    const list = within(await screen.findByRole('list', { name: 'How each check came out' }));
    const rows = list.getAllByRole('listitem').map(text);
    expect(rows[0]).toBe('Signature passed key 9kQm3tB1c0=, RS256');
    expect(rows[1]).toMatch(/^Issuer failed .*us-east-1_SandBox01; expected .*eu-west-1_Bi11ing00$/);
    expect(rows.at(-1)).toBe('Nonce skipped only the sign-in itself knows it');
    expect(screen.getByText('3 passed, 1 failed, 1 skipped').getAttribute('role')).toBe('status');
    expect(await faults()).toEqual([]);
  });

  it('can be only taken apart', async () => {
    const { inspect } = show();
    await userEvent.click(screen.getByRole('combobox', { name: 'Check against' }));
    await userEvent.click(screen.getByRole('option', { name: /No pool/ }));
    await paste();
    await screen.findByRole('table', { name: 'Claims' });
    expect(inspect).toHaveBeenLastCalledWith(JWT, null);
    expect(screen.queryByRole('list', { name: 'How each check came out' })).toBeNull();
  });

  it('that is none is told so', async () => {
    show({ inspect: vi.fn(() => Promise.reject(new Error('This is no token: it has no three parts.'))) });
    await paste('hello');
    expect(text(await screen.findByRole('alert', { name: 'It cannot be taken apart' }))).toContain(
      'it has no three parts',
    );
    expect(value(field())).toBe('hello');
  });

  it('is gone with a click, and what was read of it', async () => {
    show();
    await paste();
    await screen.findByRole('table', { name: 'Claims' });
    await userEvent.click(screen.getByRole('button', { name: 'Clear' }));
    expect(value(field())).toBe('');
    await waitFor(() => expect(screen.queryByRole('table', { name: 'Claims' })).toBeNull());
  });

  it('that is answered late does not take the place of a later one', async () => {
    const answers: ((found: ReturnType<typeof inspected>) => void)[] = [];
    show({ inspect: vi.fn(() => new Promise((resolve) => answers.push(resolve))) });
    await paste();
    await waitFor(() => expect(answers).toHaveLength(1));
    await userEvent.click(screen.getByRole('button', { name: 'Clear' }));
    answers[0]?.(inspected('pool'));
    await Promise.resolve();
    expect(screen.queryByRole('table', { name: 'Claims' })).toBeNull();
  });

  it('is explained at once, and checked as soon as the pool’s keys are there', async () => {
    let answer: (found: ReturnType<typeof inspected>) => void = () => {};
    const inspect = vi.fn((_token: string, pool: string | null) =>
      pool === null
        ? Promise.resolve(inspected(null))
        : new Promise<ReturnType<typeof inspected>>((resolve) => (answer = resolve)),
    );
    show({ inspect });
    const said = screen.getByRole('status');
    await paste();
    await screen.findByRole('table', { name: 'Claims' });
    expect(shown(screen.getByRole('heading', { name: 'Checking against Acme…' }))).toBe(true);
    expect(text(said)).toBe('Checking against Acme…');
    answer(inspected('pool'));
    expect(shown(await screen.findByRole('heading', { name: 'Checked against Acme' }))).toBe(true);
    expect(text(said)).toBe('3 passed, 1 failed, 1 skipped');
  });

  it('never has the checks of another pool under its name', async () => {
    const other = { ...poolOf({ name: 'Billing' }), id: 'other' };
    const answers = new Map<string | null, (found: ReturnType<typeof inspected>) => void>();
    const inspect = vi.fn((_token: string, pool: string | null) =>
      pool === null
        ? Promise.resolve(inspected(null))
        : new Promise<ReturnType<typeof inspected>>((resolve) => answers.set(pool, resolve)),
    );
    show({ pools: [poolOf(), other], inspect });
    await paste();
    await waitFor(() => expect(answers.has('pool')).toBe(true));
    await userEvent.click(screen.getByRole('combobox', { name: 'Check against' }));
    await userEvent.click(screen.getByRole('option', { name: 'Billing' }));
    await waitFor(() => expect(answers.has('other')).toBe(true));
    answers.get('pool')?.(inspected('pool'));
    await Promise.resolve();
    expect(screen.queryByRole('list', { name: 'How each check came out' })).toBeNull();
    expect(shown(screen.getByRole('heading', { name: 'Checking against Billing…' }))).toBe(true);
    answers.get('other')?.(inspected('other'));
    expect(shown(await screen.findByRole('heading', { name: 'Checked against Billing' }))).toBe(true);
  });

  it('is explained although it cannot be checked, with the reason', async () => {
    const inspect = vi.fn((_token: string, pool: string | null) =>
      pool === null ? Promise.resolve(inspected(null)) : Promise.reject(new Error('The keys cannot be read.')),
    );
    show({ inspect });
    await paste();
    expect(text(await screen.findByRole('alert'))).toContain('The keys cannot be read.');
    expect(shown(screen.getByRole('table', { name: 'Claims' }))).toBe(true);
    expect(screen.queryByRole('region', { name: 'Checks' })).toBeNull();
  });
});
