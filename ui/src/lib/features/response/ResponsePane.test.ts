import { render, screen, waitFor, within } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { describe, expect, it, vi } from 'vitest';
import { faults, shown, text } from '../../../../tests/page';
import type { Failure, Verdict } from '$lib/bridge/types';
import { answerOf, hopOf } from './fixtures';
import { markSend } from './marks';
import ResponsePane from './ResponsePane.svelte';
import type { ResponseState, WaitFacts } from './state';

const refused: Verdict = {
  track: [
    { gate: 'route', outcome: 'passed' },
    { gate: 'authorizer', outcome: 'refused' },
    { gate: 'apiKey', outcome: 'notReached' },
    { gate: 'integration', outcome: 'unknown' },
  ],
  refusal: {
    title: 'The gateway never saw your token',
    explanation: 'Its authorizer reads the header `dev-auth-token`.',
    evidence: [
      { sign: 'good', subject: 'Token is good', found: '54 min left' },
      { sign: 'bad', subject: 'Header', found: 'the definition names `dev-auth-token`' },
    ],
    fixes: [{ kind: 'sendTokenIn', header: 'dev-auth-token' }, { kind: 'sendAgain' }],
    otherCauses: ['The stage was not deployed again.'],
    customised: false,
    tokenExpired: false,
  },
  remarks: [],
};

function show(state: ResponseState, change: Record<string, unknown> = {}) {
  const calls = {
    getLines: vi.fn(() => Promise.resolve('')),
    find: vi.fn(() => Promise.resolve([1])),
    onsave: vi.fn(),
    onfix: vi.fn(),
    oncancel: vi.fn(),
    onsend: vi.fn(),
    describe: vi.fn(() => ({ title: '', action: null })),
    ...change,
  };
  const view = render(ResponsePane, { state, sendKeys: 'Ctrl ⏎', ...calls });
  return { ...calls, ...view };
}

const bodyText = () =>
  [...screen.getByTestId('response-body').querySelectorAll('[data-line]')]
    .map((row) => row.textContent.trimEnd())
    .join('\n');

describe('the four states', () => {
  it('empty: says what comes here and offers to send', async () => {
    const { onsend } = show({ kind: 'idle' });
    expect(shown(screen.getByText('The answer comes here.'))).toBe(true);
    await userEvent.click(screen.getByRole('button', { name: 'Send the request' }));
    expect(onsend).toHaveBeenCalledOnce();
  });

  it('loading: keeps the former answer for a moment, then tells how long and offers to cancel', async () => {
    const previous = answerOf();
    const { oncancel } = show({ kind: 'sending', since: performance.now(), previous, waits: null });
    expect(screen.queryByRole('button', { name: 'Cancel' })).toBeNull();
    expect(bodyText()).toContain('"message": "hello"');
    await userEvent.click(await screen.findByRole('button', { name: 'Cancel' }));
    expect(oncancel).toHaveBeenCalledOnce();
    expect(shown(screen.getByText(/Waiting for the answer/))).toBe(true);
  });

  it('full: shows status, time, size and the lines that came with it, without a call', () => {
    const { getLines } = show({ kind: 'answered', answer: answerOf({ totalMs: 142 }) });
    expect(screen.getByText('200 OK, 142 ms, 24 B').getAttribute('role')).toBe('status');
    expect(bodyText()).toBe('{\n  "message": "hello"\n}');
    expect(getLines).not.toHaveBeenCalled();
  });

  it('failed: tells what and what to do', () => {
    const failure = {
      code: 'tls' as const,
      message: 'The certificate has expired.',
      hint: 'Ask the owner.',
      causes: [],
    };
    show({ kind: 'failed', failure });
    const alert = screen.getByRole('alert');
    expect(text(alert)).toContain('The certificate has expired.');
    expect(text(alert)).toContain('Ask the owner.');
  });

  it('cancelled: says so and keeps the answer before', () => {
    show({ kind: 'cancelled', previous: answerOf() });
    expect(shown(screen.getByText(/Cancelled/))).toBe(true);
    expect(bodyText()).toContain('hello');
  });
});

describe('a verdict', () => {
  it('shows each gate with its outcome in words', () => {
    show({ kind: 'answered', answer: answerOf({ status: 401, verdict: refused }) });
    const gates = within(screen.getByRole('list', { name: "The gateway's checks" })).getAllByRole('listitem');
    expect(gates.map((gate) => gate.textContent.replace(/\s+/g, ' ').trim())).toEqual([
      'Route passed',
      'Authorizer refused',
      'API key not reached',
      '? Integration not known',
    ]);
  });

  it('gives title, evidence and the fix at a click', async () => {
    const { onfix } = show({ kind: 'answered', answer: answerOf({ status: 401, verdict: refused }) });
    const card = screen.getByRole('alert', { name: 'Verdict' });
    expect(text(card)).toContain('The gateway never saw your token');
    expect(within(card).getAllByText('dev-auth-token')[0]?.tagName).toBe('CODE');
    expect(text(card)).toContain('In order: Token is good: 54 min left');
    await userEvent.click(within(card).getByRole('button', { name: 'Send it in dev-auth-token' }));
    expect(onfix).toHaveBeenCalledWith({ kind: 'sendTokenIn', header: 'dev-auth-token' });
  });

  it('keeps other causes folded until they are asked for', async () => {
    show({ kind: 'answered', answer: answerOf({ status: 401, verdict: refused }) });
    expect(screen.queryByText('The stage was not deployed again.')).toBeNull();
    await userEvent.click(screen.getByRole('button', { name: 'Other causes (1)' }));
    expect(shown(screen.getByText('The stage was not deployed again.'))).toBe(true);
  });

  it('without a refusal gives the remarks', () => {
    const verdict: Verdict = { track: refused.track.slice(0, 1), refusal: null, remarks: ['This endpoint is public.'] };
    show({ kind: 'answered', answer: answerOf({ verdict }) });
    expect(text(screen.getByRole('list', { name: 'Remarks' }))).toContain('This endpoint is public.');
    expect(screen.queryByRole('alert')).toBeNull();
  });
});

describe('the next answer', () => {
  it('takes the place of the former, with its other causes folded and no search', async () => {
    const { rerender } = show({ kind: 'answered', answer: answerOf({ status: 401, verdict: refused }) });
    await userEvent.click(screen.getByRole('button', { name: 'Other causes (1)' }));
    await userEvent.click(screen.getByRole('button', { name: 'Find' }));
    const next = answerOf({
      id: 2,
      status: 403,
      reason: 'Forbidden',
      text: '[\n  1,\n  2\n]',
      verdict: { ...refused },
    });
    await rerender({ state: { kind: 'answered', answer: next } });
    expect(bodyText()).toBe('[\n  1,\n  2\n]');
    expect(shown(screen.getByText('403 Forbidden'))).toBe(true);
    expect(screen.queryByText('The stage was not deployed again.')).toBeNull();
    expect(screen.queryByRole('search')).toBeNull();
  });

  it('is measured from the send once', async () => {
    performance.clearMeasures();
    markSend();
    const { rerender } = show({ kind: 'answered', answer: answerOf() });
    await waitFor(() => expect(performance.getEntriesByName('send-to-screen')).toHaveLength(1));
    const paintedAt = () => performance.getEntriesByName('gatepass-body-painted')[0]?.startTime;
    const first = paintedAt();
    await rerender({ state: { kind: 'answered', answer: answerOf({ id: 2 }) } });
    await waitFor(() => expect(paintedAt()).not.toBe(first));
    expect(performance.getEntriesByName('send-to-screen')).toHaveLength(1);
  });
});

describe('the body', () => {
  it('raw is asked for when it is chosen', async () => {
    const getLines = vi.fn(() => Promise.resolve('{"message":"hello"}'));
    show({ kind: 'answered', answer: answerOf() }, { getLines });
    await userEvent.click(screen.getByRole('button', { name: 'Raw' }));
    await waitFor(() => expect(bodyText()).toBe('{"message":"hello"}'));
    expect(getLines).toHaveBeenCalledWith(1, false, 0, 200);
  });

  it('that cannot be read says why', async () => {
    const getLines = vi.fn(() => Promise.reject(new Error('The answer is gone.')));
    show({ kind: 'answered', answer: answerOf() }, { getLines });
    await userEvent.click(screen.getByRole('button', { name: 'Raw' }));
    expect(text(await screen.findByRole('alert'))).toContain('The answer is gone.');
  });

  it('is searched, and the found text is marked', async () => {
    const { find } = show({ kind: 'answered', answer: answerOf() });
    await userEvent.click(screen.getByRole('button', { name: 'Find' }));
    const field = screen.getByRole('textbox', { name: 'Find in the body' });
    await waitFor(() => expect(document.activeElement).toBe(field));
    await userEvent.type(field, 'HELLO');
    expect(shown(await screen.findByText('1 of 1 line'))).toBe(true);
    expect(find).toHaveBeenLastCalledWith(1, true, 'HELLO');
    expect(text(screen.getByTestId('response-body').querySelector('mark'))).toContain('hello');
    await userEvent.keyboard('{Escape}');
    expect(screen.queryByRole('search')).toBeNull();
    expect(screen.getByTestId('response-body').querySelector('mark')).toBeNull();
  });

  it('without content says so', () => {
    show({ kind: 'answered', answer: answerOf({ text: '', body: { kind: 'empty', bytes: 0, prettyLines: null } }) });
    expect(shown(screen.getByText('The answer has no content.'))).toBe(true);
  });

  it('that is a picture is offered as a file', async () => {
    const body = { kind: 'image' as const, mediaType: 'image/png', bytes: 12_000, prettyLines: null, rawLines: 0 };
    const { onsave } = show({ kind: 'answered', answer: answerOf({ text: '', body }) });
    expect(shown(screen.getByText(/image\/png, 12 KB/))).toBe(true);
    await userEvent.click(screen.getByRole('button', { name: 'Save it as a file' }));
    expect(onsave).toHaveBeenCalledOnce();
  });
});

describe('what was sent', () => {
  it('stands hop by hop, with what was withheld and masked', async () => {
    const first = { ...hopOf(), status: 302, reason: 'Found' };
    const second = {
      ...hopOf(),
      url: 'https://other.test/',
      withheld: ['dev-auth-token'],
      sentHeaders: [{ name: 'x-own', value: '••••••••', secret: true, origin: 'typed' as const }],
    };
    show({ kind: 'answered', answer: answerOf({ hops: [first, second] }) });
    await userEvent.click(screen.getByRole('tab', { name: 'Sent 2 hops' }));
    const hops = screen.getAllByRole('article');
    expect(hops.map((hop) => hop.getAttribute('aria-label'))).toEqual(['Hop 1', 'Hop 2']);
    expect(text(hops[0])).toContain('302 Found sent it on');
    expect(text(hops[1])).toContain('Withheld, because this hop went to another origin: dev-auth-token');
    expect(text(hops[1])).toContain('x-own');
    expect(shown(within(hops[1] as HTMLElement).getByLabelText('masked'))).toBe(true);
  });
});

it('moves through its parts with the arrows', async () => {
  show({ kind: 'answered', answer: answerOf() });
  screen.getByRole('tab', { name: 'Body' }).focus();
  await userEvent.keyboard('{ArrowRight}');
  expect(screen.getByRole('tab', { name: /^Headers/ }).getAttribute('aria-selected')).toBe('true');
  expect(text(screen.getByRole('table', { name: 'Headers of the response' }))).toContain('content-type');
});

it.each(['Body', 'Headers', 'Sent', 'Timing'])('axe finds nothing in its part %s', async (name) => {
  show({ kind: 'answered', answer: answerOf({ status: 401, verdict: refused }) });
  await userEvent.click(screen.getByRole('tab', { name: new RegExp(`^${name}`) }));
  expect(await faults()).toEqual([]);
});

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
