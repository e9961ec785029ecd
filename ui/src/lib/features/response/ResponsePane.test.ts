import { screen, waitFor, within } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { describe, expect, it, vi } from 'vitest';
import { faults, shown, text } from '../../../../tests/page';
import type { Verdict } from '$lib/bridge/types';
import { answerOf, hopOf } from './fixtures';
import { markSend } from './marks';
import { show } from './show';

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
