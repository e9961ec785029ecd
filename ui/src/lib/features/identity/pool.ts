import type { PoolDraft } from '$lib/bridge/types';

/** A pool's facts with none left open. */
export type PoolFacts = Required<Omit<PoolDraft, 'remarks'>>;

/** The callback that is offered where none is known. */
export const FIRST_CALLBACK = 'https://localhost/callback';

/** Fills a draft up with what a new pool begins with. */
export function factsOf(draft: PoolDraft): PoolFacts {
  return {
    name: draft.name ?? '',
    domain: draft.domain ?? '',
    clientId: draft.clientId ?? '',
    callback: draft.callback || FIRST_CALLBACK,
    scopes: draft.scopes && draft.scopes.length > 0 ? draft.scopes : ['openid', 'email'],
    region: draft.region ?? '',
    poolId: draft.poolId ?? '',
  };
}

/** Says what is still missing; empty where nothing is. */
export function missing(facts: PoolFacts): string {
  if (facts.domain.trim() === '') return 'The domain is missing.';
  if (facts.clientId.trim() === '') return 'The client id is missing: App client → Client ID.';
  if (facts.callback.trim() === '') return 'The callback URL is missing.';
  return '';
}

/** Reads scopes as they are typed. */
export function readScopes(text: string): string[] {
  return text.split(/[\s,+]+/).filter((scope) => scope !== '');
}
