import { describe, expect, it, vi } from 'vitest';
import { Content } from './content.svelte';
import { answerOf } from '../fixtures';

const lines = (from: number, count: number) => Array.from({ length: count }, (_, at) => `line ${from + at}`).join('\n');
const answer = (total: number) => answerOf({ text: lines(0, 200), body: { prettyLines: total, rawLines: total } });
const fetcher = () =>
  vi.fn((_answer: number, _pretty: boolean, from: number, count: number) => Promise.resolve(lines(from, count)));

describe('the lines of an answer', () => {
  it('come in blocks, each asked for once', async () => {
    const getLines = fetcher();
    const content = new Content(answer(1000), true, getLines);
    expect(content.line(199)).toBe('line 199');
    expect(content.line(450)).toBeUndefined();
    await Promise.all([content.want(390, 40), content.want(410, 5)]);
    expect(content.line(450)).toBe('line 450');
    await content.want(390, 40);
    expect(getLines.mock.calls.map((call) => call.slice(2))).toEqual([
      [200, 200],
      [400, 200],
    ]);
  });

  it('are asked for again after a failure', async () => {
    const getLines = fetcher().mockRejectedValueOnce(new Error('gone'));
    const content = new Content(answer(1000), true, getLines);
    await content.want(300, 1);
    expect(content.failure).toBe('gone');
    await content.want(300, 1);
    expect(content.failure).toBeNull();
    expect(content.line(300)).toBe('line 300');
  });

  it('that came with the answer are those of the pretty form only', async () => {
    const getLines = fetcher();
    const content = new Content(answer(300), false, getLines);
    expect(content.line(0)).toBeUndefined();
    await content.want(0, 1);
    expect(getLines).toHaveBeenCalledWith(1, false, 0, 200);
  });

  it('that came with an answer without a pretty form are the raw ones', () => {
    const content = new Content(answerOf({ text: 'a\nb', body: { prettyLines: null, rawLines: 2 } }), false, fetcher());
    expect([content.line(0), content.line(1), content.total]).toEqual(['a', 'b', 2]);
  });
});
