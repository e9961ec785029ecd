import { screen } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { describe, expect, it, vi } from 'vitest';
import { faults, text } from '../../../../tests/page';
import type { Failure } from '$lib/bridge/types';
import { answerOf } from './fixtures';
import { show } from './show';
import type { WaitFacts } from './state';

describe('a send that waits for a token', () => {
  const sending = { kind: 'sending' as const, since: 0, previous: null, waits: { identity: 'ada', signIn: false } };
  const asks = (change: Partial<Extract<WaitFacts, { kind: 'signIn' }>> = {}) => ({
    kind: 'signIn' as const,
    name: 'ada',
    place: 'window' as const,
    signingIn: false,
    onsignin: vi.fn(),
    onagain: vi.fn(),
    oncancel: vi.fn(),
    ...change,
  });

  it('says whose is renewed', async () => {
    show(sending, { waits: { kind: 'renewal', name: 'ada' } });
    expect(text(await screen.findByRole('status'))).toBe('Renewing ada’s token…');
    expect(screen.queryByRole('button', { name: 'Sign in' })).toBeNull();
  });

  it('asks in place, at once and once, when the session is over', async () => {
    const asked = asks();
    const { oncancel, rerender } = show({ ...sending, since: performance.now() }, { waits: asked });
    expect(text(screen.getByRole('alert'))).toContain('ada’s session is over.');
    expect(await faults()).toEqual([]);
    await userEvent.click(screen.getByRole('button', { name: 'Sign in' }));
    expect(asked.onsignin).toHaveBeenCalledOnce();
    const pressed = document.activeElement;
    const under = asks({ signingIn: true });
    await rerender({ waits: under });
    expect(text(screen.getByRole('status'))).toBe('The sign-in of ada is open in its own window');
    const busy = screen.getByRole('button', { name: 'Signing in…' });
    expect([busy === pressed, document.activeElement === busy]).toEqual([true, true]);
    await userEvent.click(busy);
    expect(under.onsignin).not.toHaveBeenCalled();
    await userEvent.click(screen.getByRole('button', { name: 'Cancel the sign-in' }));
    expect(under.oncancel).toHaveBeenCalledOnce();
    await userEvent.click(screen.getByRole('button', { name: 'Cancel the request' }));
    expect(oncancel).toHaveBeenCalledOnce();
  });

  it('in the browser can open the form again', async () => {
    const under = asks({ place: 'browser', signingIn: true, oncancel: null });
    show(sending, { waits: under });
    expect(text(screen.getByRole('status'))).toBe('The sign-in of ada is open in your browser');
    await userEvent.click(screen.getByRole('button', { name: 'Open it again' }));
    expect(under.onagain).toHaveBeenCalledOnce();
    const buttons = screen.getAllByRole('button').map(text);
    expect(buttons).toEqual(['Open it again', 'Cancel']);
  });

  it('or for the sandbox says so', async () => {
    show({ ...sending, waits: { sandbox: true } }, { waits: { kind: 'sandbox' } });
    expect(text(await screen.findByRole('status'))).toBe('Starting the sandbox…');
  });
});

describe('how an answer was sent', () => {
  const nameIdentity = (id: string) => ({ name: id, colour: 'var(--identity-1)' });
  const notes = () => text(screen.getByRole('list', { name: 'How it was sent' }));

  it.each([
    ['beforeSend' as const, 'Token renewed before sending'],
    ['afterRefusal' as const, 'The API said the token had expired: renewed and sent again'],
  ])('tells a renewal: %s', (renewal, words) => {
    show({ kind: 'answered', answer: answerOf({ renewal }) }, { nameIdentity });
    expect(notes()).toBe(words);
  });

  it('tells why a token was not renewed, beside the answer that came', () => {
    const notRenewed: Failure = {
      code: 'sessionOver',
      message: 'The session of ada is over.',
      hint: 'Sign in.',
      causes: [],
    };
    show({ kind: 'answered', answer: answerOf({ status: 401, notRenewed }) }, { nameIdentity });
    expect(notes()).toBe('Not renewed: The session of ada is over. Sign in.');
    expect(screen.getByText(/^401 .*, token not renewed$/).getAttribute('role')).toBe('status');
  });

  it('tells as whom, to a screen reader too', () => {
    show({ kind: 'answered', answer: answerOf({ sentAs: 'grace', named: true }) }, { nameIdentity });
    expect(notes()).toBe('as grace');
    expect(screen.getByText(/200 OK.*sent as grace/).getAttribute('role')).toBe('status');
  });

  it('says nothing where there is nothing to say', () => {
    show({ kind: 'answered', answer: answerOf({ sentAs: 'ada' }) }, { nameIdentity });
    expect(screen.queryByRole('list', { name: 'How it was sent' })).toBeNull();
  });
});
