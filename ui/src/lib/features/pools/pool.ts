import type { Endpoints, Grant, GrantOffer, GrantOffers, PoolDraft, PoolView } from '$lib/bridge/types';
import { same } from '$lib/state/same';

/** A pool's facts with none left open. */
export type PoolFacts = Required<Omit<PoolDraft, 'remarks'>>;

/** Names a pool; empty where there is none. */
export function poolName(pool: PoolView | null | undefined): string {
  if (!pool) return '';
  return pool.facts.name || (pool.facts.domain ?? '').replace(/^https?:\/\//, '') || 'User pool';
}

/** The callback that is offered where none is known. */
export const FIRST_CALLBACK = 'https://localhost/callback';

/** The callback that is offered for a sign-in in the browser, which comes back to this machine. */
export const LOOPBACK_CALLBACK = 'http://localhost:4180/callback';

const FIRST_SCOPES = ['openid', 'email'];

/** The scopes that are about a user. */
const USER_SCOPES = ['openid', 'email', 'phone', 'profile', 'offline_access', 'aws.cognito.signin.user.admin'];

/** Whether a scope is about a user, which a machine has none of. */
export function isUserScope(scope: string): boolean {
  return USER_SCOPES.includes(scope);
}

/** Fills a draft up with what a new pool begins with. */
export function factsOf(draft: PoolDraft): PoolFacts {
  const machine = draft.grant === 'clientCredentials';
  return {
    name: draft.name ?? '',
    domain: draft.domain ?? '',
    clientId: draft.clientId ?? '',
    callback: draft.callback || (machine ? '' : FIRST_CALLBACK),
    scopes: draft.scopes && (machine || draft.scopes.length > 0) ? draft.scopes : FIRST_SCOPES,
    region: draft.region ?? '',
    poolId: draft.poolId ?? '',
    issuer: draft.issuer ?? '',
    grant: draft.grant ?? 'code',
    provider: draft.provider ?? 'cognito',
    endpoints: draft.endpoints ?? {},
    certificate: draft.certificate ?? '',
    place: draft.place ?? 'window',
  };
}

/** Names the grants as the AWS console does. */
export const grantWords: Record<Grant, string> = {
  code: 'Authorization code',
  implicit: 'Implicit',
  clientCredentials: 'Client credentials',
};

const grantNotes: Record<Grant, string> = {
  code: 'A code comes in the redirect and is turned into tokens with PKCE; a refresh token comes with them.',
  implicit: 'The tokens come in the redirect itself, without a refresh token.',
  clientCredentials: 'An access token for a machine, by the client’s own secret. Nobody signs in.',
};

/** Gives what a pool said of a grant; null where it was not asked. */
export function offerOf(offers: GrantOffers | null, grant: Grant): GrantOffer | null {
  return grant === 'clientCredentials' ? null : (offers?.[grant] ?? null);
}

/** Says in a line why a grant is chosen, or what stands against it. */
export function grantLine(grant: Grant, offers: GrantOffers | null): { text: string; refused: boolean } {
  const offer = offerOf(offers, grant);
  if (offer?.kind === 'refused') return { text: offer.why, refused: true };
  return { text: offers && grant !== 'clientCredentials' ? offers.why : grantNotes[grant], refused: false };
}

/**
 * Gives the facts with another grant, and with scopes that it can have: those about a user are left out for a machine,
 * and put back afterwards.
 */
export function withGrant(facts: PoolFacts, grant: Grant, userScopes: string[] = FIRST_SCOPES): PoolFacts {
  if (grant === facts.grant) return facts;
  const own = facts.scopes.filter((scope) => !isUserScope(scope));
  if (grant === 'clientCredentials') return { ...facts, grant, scopes: own };
  const scopes = facts.grant === 'clientCredentials' ? [...userScopes, ...own] : facts.scopes;
  return { ...facts, grant, scopes, callback: facts.callback || FIRST_CALLBACK };
}

/** Gives the facts that an address carries. A bare domain says nothing of scopes and grant. */
export function carriedBy({ domain, clientId, callback, scopes, region, grant }: PoolDraft): Partial<PoolFacts> {
  return {
    ...(domain ? { domain } : {}),
    ...(clientId ? { clientId } : {}),
    ...(callback ? { callback } : {}),
    ...(clientId && scopes && scopes.length > 0 ? { scopes } : {}),
    ...(region ? { region } : {}),
    ...(clientId && grant ? { grant } : {}),
  };
}

/** Takes what was found out in the background, but leaves what has been typed since it was asked for. */
export function merged(asked: PoolFacts, found: Partial<PoolFacts>, now: PoolFacts): PoolFacts {
  const untouched = (name: string) => same(asked[name as keyof PoolFacts], now[name as keyof PoolFacts]);
  const taken = Object.entries(found).filter(([name]) => name !== 'endpoints' && untouched(name));
  const endpoints = { ...now.endpoints };
  for (const { name } of endpointRows) {
    const [before, typed] = [asked.endpoints[name] ?? null, now.endpoints[name] ?? null];
    const place = found.endpoints?.[name] ?? null;
    if (found.endpoints && typed === before && typed !== place) endpoints[name] = place;
  }
  return { ...now, ...Object.fromEntries(taken), endpoints };
}

/** Whether the client is still the one that a secret was stored for: another one, or another server, is not told it. */
export function isSameClient(known: PoolFacts, facts: PoolFacts): boolean {
  const of = ({ domain, clientId, provider, endpoints }: PoolFacts) =>
    [domain, clientId, provider, endpoints.token ?? ''].map((fact) => fact.trim());
  return same(of(known), of(facts));
}

/** Whether a host is this machine. */
function isThisMachine(host: string): boolean {
  return /^(localhost|127\.0\.0\.1|\[::1\])$/.test(host);
}

/** Says what is wrong with a callback in any place; empty where nothing is. */
export function callbackFault(callback: string): string {
  if (callback.includes('#')) return 'A callback URL cannot have a # in it.';
  const host = /^http:\/\/(\[[^\]]*\]|[^:/]*)/.exec(callback.trim())?.[1];
  if (host === undefined || isThisMachine(host)) return '';
  return 'Plain http works for localhost, 127.0.0.1 and [::1] only.';
}

/** Whether a browser can come back to this callback: plain http on this machine, with a port. */
export function comesBack(callback: string): boolean {
  const [, host = ''] = /^http:\/\/(\[[^\]]*\]|[^:/]*):[1-9]\d*(?:\/|$)/.exec(callback.trim()) ?? [];
  return isThisMachine(host);
}

/** Gives the facts for a sign-in in the browser, with a callback that it can come back to. */
export function inTheBrowser(facts: PoolFacts): PoolFacts {
  const callback = comesBack(facts.callback) ? facts.callback : LOOPBACK_CALLBACK;
  return { ...facts, place: 'browser', callback };
}

/** Whether the callback is none that the browser could come back to. */
export function isStranded(facts: PoolFacts): boolean {
  return facts.grant !== 'clientCredentials' && facts.place === 'browser' && !comesBack(facts.callback);
}

/** Says what is still missing; empty where nothing is. */
export function missing(facts: PoolFacts): string {
  if (facts.domain.trim() === '') return 'The domain is missing.';
  if (facts.clientId.trim() === '') return 'The client id is missing: App client → Client ID.';
  if (facts.grant === 'clientCredentials') return '';
  if (facts.callback.trim() === '') return 'The callback URL is missing.';
  return '';
}

/** Reads scopes as they are typed. */
export function readScopes(text: string): string[] {
  return text.split(/[\s,+]+/).filter((scope) => scope !== '');
}

/** The endpoints, in the order of a sign-in, with the usual place of each at Cognito. */
export const endpointRows: { name: keyof Endpoints; label: string; path: string }[] = [
  { name: 'authorization', label: 'Authorization', path: '/oauth2/authorize' },
  { name: 'token', label: 'Token', path: '/oauth2/token' },
  { name: 'jwks', label: 'Keys (JWKS)', path: '/.well-known/jwks.json' },
  { name: 'logout', label: 'Sign-out', path: '/logout' },
  { name: 'revocation', label: 'Revocation', path: '/oauth2/revoke' },
];

/** Gives where an endpoint is unless it is said otherwise; empty where that is not known. */
export function usualPlace(facts: PoolFacts, endpoint: keyof Endpoints): string {
  if (facts.provider === 'openId') return '';
  const path = endpointRows.find((row) => row.name === endpoint)?.path ?? '';
  const domain = facts.domain.trim().replace(/\/+$/, '');
  if (endpoint === 'jwks') {
    const issuer = facts.issuer || (facts.poolId && facts.region ? cognitoIssuer(facts) : '');
    return issuer ? `${issuer}${path}` : `the issuer’s ${path}`;
  }
  if (domain === '') return path;
  return `${/^https?:/.test(domain) ? domain : `https://${domain}`}${path}`;
}

function cognitoIssuer({ region, poolId }: PoolFacts): string {
  return `https://cognito-idp.${region}.amazonaws.com/${poolId}`;
}

/** Whether anything under "More" was set that a plain pool does not have. */
export function hasMore(facts: PoolFacts): boolean {
  const endpoints = Object.values(facts.endpoints).some(Boolean);
  return endpoints || facts.provider === 'openId' || facts.issuer !== '' || facts.certificate !== '';
}
