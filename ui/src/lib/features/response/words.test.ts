import { describe, expect, it } from 'vitest';
import { answerOf, hopOf } from './fixtures';
import { announcement, codePieces, durationWords, phasesOf, phasesOfAll, sizeWords, statusTone } from './words';

it.each([
  [0, '0 B'],
  [184, '184 B'],
  [3_100, '3.1 KB'],
  [9_960, '10 KB'],
  [999_600, '1.0 MB'],
  [104_857_600, '105 MB'],
])('%d bytes are %s', (bytes, words) => expect(sizeWords(bytes)).toBe(words));

it.each([
  [0.42, '0.4 ms'],
  [9.96, '10 ms'],
  [142.4, '142 ms'],
  [999.7, '1.00 s'],
  [2_410, '2.41 s'],
  [65_000, '1 min 5 s'],
])('%d ms are %s', (milliseconds, words) => expect(durationWords(milliseconds)).toBe(words));

it.each([
  [200, 'ok'],
  [304, 'warn'],
  [401, 'bad'],
  [503, 'bad'],
  [101, 'plain'],
])('%d has the colour %s', (status, tone) => expect(statusTone(status)).toBe(tone));

it('an answer is announced with status, time and size', () => {
  expect(announcement(answerOf({ status: 200, totalMs: 142 }), null)).toBe('200 OK, 142 ms, 24 B');
  expect(announcement(answerOf({ totalMs: 142, renewal: 'beforeSend' }), 'grace')).toBe(
    '200 OK, 142 ms, 24 B, sent as grace, Token renewed before sending',
  );
});

describe('phases', () => {
  it('of a reused connection have no first three', () => {
    expect(phasesOf({ dns: null, connect: null, tls: null, wait: 3, download: 1 }).map((phase) => phase.name)).toEqual([
      'wait',
      'download',
    ]);
  });

  it('of several hops add up', () => {
    const sums = phasesOfAll([hopOf({ wait: 3 }), hopOf({ wait: 4 })]);
    expect(sums.find((phase) => phase.name === 'wait')?.milliseconds).toBe(7);
  });
});

it('text between backquotes is code', () => {
  expect(codePieces('It reads `dev-auth-token`.')).toEqual([
    { text: 'It reads ', code: false },
    { text: 'dev-auth-token', code: true },
    { text: '.', code: false },
  ]);
});
