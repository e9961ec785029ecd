import { describe, expect, it } from 'vitest';
import { agoWords, instantWords, leftWords, standing, untilChange } from './countdown';
import { identityOf } from './fixtures';

it.each([
  [3240, '54 min'],
  [3299, '54 min'],
  [3600, '1 h'],
  [4800, '1 h 20 min'],
  [86_400, '24 h'],
  [172_800, '2 days'],
  [60, '1 min'],
  [59.2, '60 s'],
  [41.4, '42 s'],
  [0.3, '1 s'],
  [0, 'expired'],
  [-90, 'expired'],
])('%d seconds left are %s', (seconds, words) => expect(leftWords(seconds)).toBe(words));

describe('the next look at the clock', () => {
  it('is at the next minute far from the end', () => {
    expect(untilChange(3240 + 30)).toBeCloseTo(30_020);
    expect(untilChange(61)).toBeCloseTo(1_020);
  });

  it('is at the next second near the end', () => {
    expect(untilChange(59.4)).toBeCloseTo(400);
    expect(untilChange(10)).toBeCloseTo(1000);
  });

  it('never comes once it is over', () => expect(untilChange(0)).toBeNull());

  it.each([3599.5, 61.2, 60, 42.7, 1, 0.5])('finds other words after %d seconds left', (seconds) => {
    const next = seconds - (untilChange(seconds) ?? 0) / 1000;
    expect(leftWords(next - 0.001)).not.toBe(leftWords(seconds));
  });
});

it('what was is told in minutes, hours and days', () => {
  expect([agoWords(5), agoWords(360), agoWords(7300), agoWords(200_000)]).toEqual([
    'just now',
    '6 min ago',
    '2 h ago',
    '2 days ago',
  ]);
});

it('an instant names its day', () => {
  const now = new Date(2026, 10, 23, 14, 8).getTime() / 1000;
  const at = (day: number, hour: number) => instantWords(new Date(2026, 10, day, hour, 2, 11).getTime() / 1000, now);
  expect([at(23, 14), at(24, 0), at(22, 23), at(20, 9)]).toEqual([
    'today 14:02:11',
    'tomorrow 00:02:11',
    'yesterday 23:02:11',
    '2026-11-20 09:02:11',
  ]);
});

describe('how an identity stands', () => {
  it.each([
    [{ kind: 'signedOut' }, 'sign in', 'out'],
    [{ kind: 'signingIn' }, 'signing in', 'plain'],
    [{ kind: 'locked' }, 'locked', 'out'],
  ] as const)('%o is told', (state, words, tone) => {
    expect(standing({ ...identityOf(), state }, 0)).toMatchObject({ words, tone });
  });

  it('counts the token down', () => {
    const identity = identityOf({ issuedAt: 1000, expiresAt: 4600 });
    expect(standing(identity, 1360)).toEqual({ words: '54 min', tone: 'plain', share: 0.9 });
    expect(standing(identity, 4500)).toMatchObject({ words: '1 min', tone: 'near' });
    expect(standing(identity, 4700)).toEqual({ words: 'expired', tone: 'over', share: 0 });
  });

  it('of a short life is near its end only at its end', () => {
    expect(standing(identityOf({ issuedAt: 0, expiresAt: 20 }), 2).tone).toBe('plain');
  });

  it('counts the access token where no ID token came', () => {
    const identity = identityOf({ issuedAt: 0, expiresAt: 600, only: 'access' });
    expect(standing(identity, 0).words).toBe('10 min');
  });
});
