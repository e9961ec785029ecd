import { expect, it } from 'vitest';
import { factsOf, FIRST_CALLBACK, missing, readScopes } from './pool';

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
