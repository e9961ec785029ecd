import type { ClaimChange, IdentityView, PoolDraft, PoolView, TokenView } from '$lib/bridge/types';

interface IdentityFacts {
  issuedAt?: number;
  expiresAt?: number;
  only?: 'access';
  over?: boolean;
  refreshable?: boolean;
  /** What is different in the ID token. */
  changes?: ClaimChange[];
}

/** Makes a token for a test. */
export function tokenOf(issuedAt: number, expiresAt: number, changes: ClaimChange[] = []): TokenView {
  return {
    changes,
    claims: [
      { name: 'sub', value: '3f0c6e0e', note: 'the user', time: false, checked: false },
      { name: 'aud', value: '1example23456789', note: 'this app client', time: false, checked: true },
      { name: 'exp', value: String(expiresAt), note: '', time: true, checked: true },
    ],
    issuedAt,
    expiresAt,
    header: '{"kid":"k","alg":"RS256"}',
    payload: '{\n  "sub": "3f0c6e0e"\n}',
  };
}

/** Makes an identity for a test. */
export function identityOf(facts: IdentityFacts = {}): IdentityView {
  const times = [facts.issuedAt ?? 0, facts.expiresAt ?? 3600] as const;
  return {
    id: 'ada',
    name: 'ada',
    ownName: 'ada',
    colour: 0,
    pool: 'pool',
    options: {},
    keepSession: true,
    state: {
      kind: 'signedIn',
      renewing: false,
      over: facts.over ?? false,
      session: {
        username: 'ada',
        email: 'ada@example.com',
        groups: ['buyers'],
        idToken: facts.only === 'access' ? null : tokenOf(...times, facts.changes),
        accessToken: tokenOf(...times),
        checks: [{ name: 'signature', detail: 'key 9kQ' }],
        kept: true,
        refreshable: facts.refreshable ?? true,
      },
    },
  };
}

/** Makes a user pool for a test. */
export function poolOf(facts: Partial<PoolDraft> = {}): PoolView {
  return {
    id: 'pool',
    facts: {
      name: 'Acme',
      domain: 'https://acme.auth.eu-west-1.amazoncognito.com',
      clientId: '1example23456789',
      callback: 'https://localhost/callback',
      scopes: ['openid'],
      region: 'eu-west-1',
      poolId: 'eu-west-1_AbCdEfGhI',
      issuer: '',
      grant: 'code',
      provider: 'cognito',
      endpoints: {},
      certificate: '',
      place: 'window',
      remarks: [],
      ...facts,
    },
    issuer: 'https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_AbCdEfGhI',
    learned: false,
    sandbox: false,
    clientSecret: false,
    notes: [],
  };
}
