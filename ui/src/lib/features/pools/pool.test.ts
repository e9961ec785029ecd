import { expect, it } from 'vitest';
import { poolOf } from '../identity/fixtures';
import {
  callbackFault,
  carriedBy,
  comesBack,
  factsOf,
  FIRST_CALLBACK,
  missing,
  poolName,
  readScopes,
  usualPlace,
  withGrant,
} from './pool';

it('a bare domain is filled up with what a new pool begins with', () => {
  const facts = factsOf({ domain: 'acme.auth.eu-west-1.amazoncognito.com' });
  expect(facts).toMatchObject({ callback: FIRST_CALLBACK, scopes: ['openid', 'email'] });
  expect(missing(facts)).toContain('client id');
});

it('what was read is kept', () => {
  const facts = factsOf({ domain: 'd', clientId: 'c', callback: 'https://app.test/cb', scopes: ['openid'] });
  expect(facts).toMatchObject({ callback: 'https://app.test/cb', scopes: ['openid'] });
  expect(missing(facts)).toBe('');
});

it('scopes are read however they are parted', () => {
  expect(readScopes(' openid email,pets/read+phone ')).toEqual(['openid', 'email', 'pets/read', 'phone']);
});

it.each([
  ['http://localhost:4180/callback', true],
  ['http://127.0.0.1:8080', true],
  ['http://[::1]:9000/cb', true],
  ['http://localhost/callback', false],
  ['http://localhost:0/callback', false],
  ['https://localhost:4180/callback', false],
  ['http://localhost.evil.test:80/', false],
])('a browser comes back to this machine only: %s', (callback, comes) => {
  expect(comesBack(callback)).toBe(comes);
});

it('a machine loses what is about a user, and a user gets it back', () => {
  const facts = factsOf({ domain: 'd', scopes: ['openid', 'profile', 'pets/read'] });
  const machine = withGrant(facts, 'clientCredentials');
  expect(machine.scopes).toEqual(['pets/read']);
  expect(withGrant(machine, 'code').scopes).toEqual(['openid', 'email', 'pets/read']);
  expect(withGrant(facts, 'implicit').scopes).toEqual(facts.scopes);
});

it('a user gets back the scopes that a machine has left out', () => {
  const machine = factsOf({ domain: 'd', grant: 'clientCredentials', scopes: ['pets/read'] });
  expect(withGrant(machine, 'code', ['phone']).scopes).toEqual(['phone', 'pets/read']);
  expect(withGrant(machine, 'code', []).scopes).toEqual(['pets/read']);
});

it('a bare domain carries no scopes and no grant', () => {
  expect(carriedBy({ domain: 'd', clientId: '', scopes: ['openid'], grant: 'code' })).toEqual({ domain: 'd' });
});

it.each([
  ['https://app.test/cb', ''],
  ['http://localhost:4180/callback', ''],
  ['http://[::1]/cb', ''],
  ['http://app.test/cb', 'Plain http'],
  ['http://localhost.evil.test/', 'Plain http'],
  ['https://app.test/#cb', 'a # in it'],
])('a callback is told what is wrong with it: %s', (callback, words) => {
  expect(callbackFault(callback)).toContain(words);
  if (words === '') expect(callbackFault(callback)).toBe('');
});

it.each([
  [poolOf({ name: 'Acme' }), 'Acme'],
  [poolOf({ name: '', domain: 'https://login.acme.test' }), 'login.acme.test'],
  [poolOf({ name: '', domain: '' }), 'User pool'],
  [null, ''],
])('a pool is called by its name, else by its domain: %#', (pool, name) => {
  expect(poolName(pool)).toBe(name);
});

it('a pool of a machine needs no callback', () => {
  const facts = factsOf({ domain: 'd', clientId: 'c', callback: '', grant: 'clientCredentials', scopes: [] });
  expect([missing(facts), facts.callback, facts.scopes]).toEqual(['', '', []]);
});

it.each([
  ['token', {}, 'https://acme.auth.test/oauth2/token'],
  ['jwks', {}, 'the issuer’s /.well-known/jwks.json'],
  [
    'jwks',
    { region: 'eu-west-1', poolId: 'eu-west-1_A' },
    'https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_A/.well-known/jwks.json',
  ],
  ['token', { provider: 'openId' as const }, ''],
] as const)('the usual place of %s is shown', (endpoint, more, place) => {
  expect(usualPlace(factsOf({ domain: 'acme.auth.test', ...more }), endpoint)).toBe(place);
});
