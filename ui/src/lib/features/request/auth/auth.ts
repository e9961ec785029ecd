import type { ApiKeyAuth, Auth, IdentityView, PoolView, TokenAuth, TokenKind } from '$lib/bridge/types';
import { poolName } from '$lib/features/pools/pool';
import type { AuthFacts } from '../facts';

/** The token part that is sent, apart from the other modes. */
export type SentToken = Extract<TokenAuth, { mode: 'send' }>;
/** The key part that is sent, apart from the other modes. */
export type SentKey = Extract<ApiKeyAuth, { mode: 'send' }>;

/** Where a part of the credentials is decided. */
export type Choice = 'inherit' | 'none' | 'here';

/** The token part that a new choice begins with. */
export const FIRST_TOKEN: SentToken = {
  mode: 'send',
  identity: null,
  token: 'id',
  header: 'Authorization',
  prefix: '',
};
/** The key part that a new choice begins with. */
export const FIRST_KEY: SentKey = { mode: 'send', header: 'x-api-key', variable: 'apiKey' };

/** Tells where a part is decided. */
export function choiceOf(part: TokenAuth | ApiKeyAuth): Choice {
  if (part.mode === 'inherit') return 'inherit';
  return part.mode === 'none' ? 'none' : 'here';
}

/** Gives the credentials with another choice for the token; overriding begins with what was inherited. */
export function chooseToken(auth: Auth, choice: Choice, facts: AuthFacts): Auth {
  if (choice !== 'here') return { ...auth, token: { mode: choice } };
  if (auth.token.mode === 'send') return auth;
  return { ...auth, token: facts.inheritedToken?.mode === 'send' ? { ...facts.inheritedToken } : { ...FIRST_TOKEN } };
}

/** Gives the credentials with another choice for the key; overriding begins with what was inherited. */
export function chooseKey(auth: Auth, choice: Choice, facts: AuthFacts): Auth {
  if (choice !== 'here') return { ...auth, apiKey: { mode: choice } };
  if (auth.apiKey.mode === 'send') return auth;
  const first = { ...FIRST_KEY, variable: keyVariable(facts.secretNames) };
  return { ...auth, apiKey: facts.inheritedApiKey?.mode === 'send' ? { ...facts.inheritedApiKey } : first };
}

/** Gives the secret that is an API key by its name: another secret must not go out by accident. */
function keyVariable(names: string[]): string {
  return names.find((name) => /api[-_ ]?key|^key$|[a-z]Key$/i.test(name)) ?? FIRST_KEY.variable;
}

/** Gives the token part that holds after inheritance. */
export function effectiveToken(auth: Auth, facts: AuthFacts): TokenAuth {
  return auth.token.mode === 'inherit' ? (facts.inheritedToken ?? { mode: 'none' }) : auth.token;
}

/** Gives the key part that holds after inheritance. */
export function effectiveKey(auth: Auth, facts: AuthFacts): ApiKeyAuth {
  return auth.apiKey.mode === 'inherit' ? (facts.inheritedApiKey ?? { mode: 'none' }) : auth.apiKey;
}

/** Names a kind of token. */
export const tokenWords: Record<TokenKind, string> = { id: 'ID token', access: 'Access token' };

/** Names an identity with its pool. */
export function identityLabel(identity: IdentityView, pools: PoolView[]): string {
  const pool = pools.find((candidate) => candidate.id === identity.pool);
  return pool ? `${identity.name} · ${poolName(pool)}` : identity.name;
}
