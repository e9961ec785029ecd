import { describe, expect, it, vi } from 'vitest';
import type { Preview, SendEnd } from '$lib/bridge/types';
import { answer } from '../../../../tests/preview/data';
import { blankRequest } from './blank';
import { RequestTab } from './request-tab.svelte';

const context = { collection: null, path: null, environment: null, identity: null, sendAs: null };
const request = { ...blankRequest(), name: 'List pets', url: 'https://api.test/pets' };
const edited = { ...request, url: 'https://api.test/pets?type=dog' };

function saved(): RequestTab {
  const tab = new RequestTab({ id: 't', collection: '/pets', path: 'List pets.yml' });
  tab.read({ path: 'List pets.yml', request, version: '1' });
  return tab;
}

describe('a tab', () => {
  it('is clean as long as it equals its file, and again when the change is taken back', () => {
    const tab = saved();
    expect(tab.dirty).toBe(false);
    tab.edit(edited);
    expect(tab.dirty).toBe(true);
    tab.edit(structuredClone(request));
    expect(tab.dirty).toBe(false);
  });

  it('takes over a file that changed outside while it was clean', () => {
    const tab = saved();
    tab.read({ path: 'List pets.yml', request: edited, version: '2' });
    expect(tab.request).toEqual(edited);
    expect(tab.theirs).toBeNull();
    expect(tab.dirty).toBe(false);
  });

  it('keeps both where both changed', () => {
    const tab = saved();
    tab.edit(edited);
    const theirs = { ...request, method: 'POST' };
    tab.read({ path: 'List pets.yml', request: theirs, version: '2' });
    expect(tab.request).toEqual(edited);
    expect(tab.theirs?.request).toEqual(theirs);
    tab.takeTheirs();
    expect(tab.request).toEqual(theirs);
    expect(tab.dirty).toBe(false);
  });

  it('sees no conflict where both made the same change', () => {
    const tab = saved();
    tab.edit(edited);
    tab.read({ path: 'List pets.yml', request: structuredClone(edited), version: '2' });
    expect(tab.theirs).toBeNull();
    expect(tab.dirty).toBe(false);
  });

  it('finds the base of a draft that came back after a crash', () => {
    const tab = new RequestTab({ id: 't', collection: '/pets', path: 'List pets.yml', request: edited, version: '1' });
    expect(tab.dirty).toBe(true);
    tab.read({ path: 'List pets.yml', request, version: '1' });
    expect(tab.theirs).toBeNull();
    expect(tab.request).toEqual(edited);
    expect(tab.snapshot().draft).toEqual(edited);
  });

  it('asks about a draft that came back over a file that changed meanwhile', () => {
    const tab = new RequestTab({ id: 't', collection: '/pets', path: 'List pets.yml', request: edited, version: '1' });
    tab.read({ path: 'List pets.yml', request, version: '2' });
    expect(tab.theirs?.version).toBe('2');
  });

  it('keeps what was typed while it was being saved', () => {
    const tab = saved();
    tab.edit(edited);
    const typed = { ...edited, url: 'https://api.test/pets?type=dog&more' };
    tab.edit(typed);
    tab.saved({ path: 'List pets.yml', request: edited, version: '2' }, edited);
    expect(tab.request).toEqual(typed);
    expect(tab.dirty).toBe(true);
    expect(tab.version).toBe('2');
  });

  it('is named by its name, else its URL, else its file', () => {
    expect(saved().title).toBe('List pets');
    const tab = new RequestTab({ id: 't', collection: null, path: null });
    expect(tab.title).toBe('New request');
    tab.edit({ ...blankRequest(), url: 'https://api.test/pets?key=value' });
    expect(tab.title).toBe('api.test/pets');
    expect(new RequestTab({ id: 't', collection: '/p', path: 'orders/Open orders.yml' }).title).toBe('Open orders');
  });
});

describe('the preview', () => {
  it('is asked at once, or a moment after the last of many changes, and the latest question wins', async () => {
    vi.useFakeTimers();
    const answers: ((preview: Preview) => void)[] = [];
    const preview = vi.fn(() => new Promise<Preview>((resolve) => answers.push(resolve)));
    const shown = (url: string) => ({ url, passes: [] }) as unknown as Preview;
    const tab = saved();
    tab.askPreview({ preview }, context, request);
    await vi.advanceTimersByTimeAsync(0);
    answers[0]?.(shown('first'));
    await vi.advanceTimersByTimeAsync(0);
    tab.askPreview({ preview }, context, edited);
    await vi.advanceTimersByTimeAsync(119);
    tab.askPreview({ preview }, context, edited);
    await vi.advanceTimersByTimeAsync(119);
    expect(preview).toHaveBeenCalledTimes(1);
    await vi.advanceTimersByTimeAsync(1);
    expect(preview).toHaveBeenCalledTimes(2);
    tab.askPreview({ preview }, context, request);
    await vi.advanceTimersByTimeAsync(0);
    expect(preview).toHaveBeenCalledTimes(3);
    answers[2]?.(shown('latest'));
    answers[1]?.(shown('late'));
    await vi.advanceTimersByTimeAsync(0);
    expect(tab.preview?.url).toBe('latest');
    vi.useRealTimers();
  });
});

describe('a send', () => {
  function bridge() {
    const ends: { answer: (end: SendEnd) => void; fail: (error: unknown) => void }[] = [];
    return {
      ends,
      send: vi.fn(() => new Promise<SendEnd>((resolve, reject) => ends.push({ answer: resolve, fail: reject }))),
      cancelSend: vi.fn(() => Promise.resolve(null)),
      forgetAnswer: vi.fn(() => Promise.resolve(null)),
    };
  }

  it('goes from sending to answered, and lets the former answer go', async () => {
    const rust = bridge();
    const tab = saved();
    const first = tab.send(rust, context, 5);
    expect(tab.response).toEqual({ kind: 'sending', since: 5, previous: null, waits: null });
    rust.ends[0]?.answer({ kind: 'answered', answer: answer(1, true, 'h') });
    await first;
    expect(tab.response.kind).toBe('answered');
    const second = tab.send(rust, context, 6);
    expect(tab.response).toMatchObject({ kind: 'sending', previous: { id: 1 } });
    rust.ends[1]?.answer({ kind: 'answered', answer: answer(2, true, 'h') });
    await second;
    expect(rust.forgetAnswer).toHaveBeenCalledExactlyOnceWith(1);
  });

  it('is not begun twice', () => {
    const rust = bridge();
    const tab = saved();
    void tab.send(rust, context, 0);
    void tab.send(rust, context, 1);
    expect(rust.send).toHaveBeenCalledTimes(1);
  });

  it('is cancelled by its own name, and the former answer stays', async () => {
    const rust = bridge();
    const tab = saved();
    const first = tab.send(rust, context, 0);
    rust.ends[0]?.answer({ kind: 'answered', answer: answer(1, true, 'h') });
    await first;
    const second = tab.send(rust, context, 0);
    await tab.lastSend.cancel(rust);
    expect(rust.cancelSend).toHaveBeenCalledWith((rust.send.mock.calls[1] as unknown[])[0]);
    rust.ends[1]?.answer({ kind: 'cancelled' });
    await second;
    expect(tab.response).toMatchObject({ kind: 'cancelled', previous: { id: 1 } });
    expect(rust.forgetAnswer).not.toHaveBeenCalled();
  });

  it('that fails says why', async () => {
    const rust = bridge();
    const tab = saved();
    const done = tab.send(rust, context, 0);
    rust.ends[0]?.fail({ code: 'unreachable', message: 'nobody listens at api.test', hint: '', causes: [] });
    await done;
    expect(tab.response).toMatchObject({ kind: 'failed', failure: { code: 'unreachable' } });
  });

  it('whose tab was closed is cancelled, and its late answer let go', async () => {
    const rust = bridge();
    const tab = saved();
    const done = tab.send(rust, context, 0);
    tab.dispose(rust);
    expect(rust.cancelSend).toHaveBeenCalledTimes(1);
    rust.ends[0]?.answer({ kind: 'answered', answer: answer(7, true, 'h') });
    await done;
    expect(rust.forgetAnswer).toHaveBeenCalledWith(7);
  });
});

describe('a file whose place changed and not what it says', () => {
  it('gives a changed tab its new version without a question', () => {
    const tab = saved();
    tab.edit(edited);
    tab.read({ path: 'List pets.yml', request: structuredClone(request), version: '9' });
    expect(tab.theirs).toBeNull();
    expect(tab.version).toBe('9');
    expect(tab.request).toEqual(edited);
  });
});
