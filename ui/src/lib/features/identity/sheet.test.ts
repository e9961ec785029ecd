import { expect, it } from 'vitest';
import type { ClaimView } from '$lib/bridge/types';
import { claimNote, claimValue } from './sheet';

const claim = (name: string, value: string, change: Partial<ClaimView> = {}): ClaimView => ({
  name,
  value,
  note: 'note',
  time: false,
  checked: false,
  ...change,
});

it('a list of groups is read out', () => {
  expect(claimValue(claim('cognito:groups', '["buyers","beta"]'), 0)).toBe('buyers, beta');
  expect(claimValue(claim('custom:x', '[1,2]'), 0)).toBe('[1,2]');
  expect(claimValue(claim('custom:x', '[broken'), 0)).toBe('[broken');
});

it('an issuer goes without its scheme', () => {
  expect(claimValue(claim('iss', 'https://cognito-idp.eu-west-1.amazonaws.com/p'), 0)).toBe(
    'cognito-idp.eu-west-1.amazonaws.com/p',
  );
});

it('times tell how far away they are', () => {
  const now = 100_000;
  expect(claimNote(claim('exp', String(now + 3240), { time: true }), now)).toBe('in 54 min');
  expect(claimNote(claim('exp', String(now - 300), { time: true }), now)).toBe('expired 5 min ago');
  expect(claimNote(claim('auth_time', String(now - 360), { time: true }), now)).toBe('signed in 6 min ago');
  expect(claimNote(claim('sub', 'x'), now)).toBe('note');
});
