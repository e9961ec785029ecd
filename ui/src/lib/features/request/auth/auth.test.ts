import { describe, expect, it } from 'vitest';
import type { Auth } from '$lib/bridge/types';
import {
  chooseKey,
  chooseToken,
  choiceOf,
  effectiveKey,
  effectiveToken,
  FIRST_KEY,
  FIRST_TOKEN,
  type SentToken,
} from './auth';
import type { AuthFacts } from '../facts';

const inherit: Auth = { token: { mode: 'inherit' }, apiKey: { mode: 'inherit' } };
const above: SentToken = { mode: 'send', identity: 'ada', token: 'access', header: 'dev-auth-token', prefix: '' };
const facts = (change: Partial<AuthFacts> = {}): AuthFacts => ({
  identities: [],
  pools: [],
  chosenIdentity: null,
  inheritedToken: null,
  inheritedApiKey: null,
  inheritedFrom: { token: null, apiKey: null },
  canInherit: true,
  apiKeyStored: false,
  secretNames: [],
  ...change,
});

describe('inheriting', () => {
  it('holds what stands above', () => {
    expect(effectiveToken(inherit, facts({ inheritedToken: above }))).toEqual(above);
    expect(effectiveToken(inherit, facts())).toEqual({ mode: 'none' });
    expect(effectiveKey(inherit, facts())).toEqual({ mode: 'none' });
  });

  it('one part does not touch the other', () => {
    const none = chooseToken(inherit, 'none', facts({ inheritedToken: above }));
    expect(none).toEqual({ token: { mode: 'none' }, apiKey: { mode: 'inherit' } });
    expect(effectiveToken(none, facts({ inheritedToken: above }))).toEqual({ mode: 'none' });
    expect(choiceOf(none.token)).toBe('none');
  });
});

describe('overriding', () => {
  it('begins with what was inherited', () => {
    const here = chooseToken(inherit, 'here', facts({ inheritedToken: above }));
    expect(here.token).toEqual(above);
    expect(choiceOf(here.token)).toBe('here');
    expect(chooseToken(here, 'inherit', facts()).token).toEqual({ mode: 'inherit' });
  });

  it('begins with the usual where nothing was inherited', () => {
    expect(chooseToken(inherit, 'here', facts()).token).toEqual(FIRST_TOKEN);
    expect(chooseKey(inherit, 'here', facts()).apiKey).toEqual(FIRST_KEY);
    expect(chooseKey(inherit, 'here', facts({ secretNames: ['pin', 'petKey'] })).apiKey).toMatchObject({
      variable: 'petKey',
    });
    expect(chooseKey(inherit, 'here', facts({ secretNames: ['password'] })).apiKey).toEqual(FIRST_KEY);
  });

  it('leaves a choice that was made as it is', () => {
    const own: Auth = { ...inherit, token: { ...above, header: 'x-own' } };
    expect(chooseToken(own, 'here', facts({ inheritedToken: above }))).toBe(own);
  });
});
