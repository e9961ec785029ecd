import { failures } from '$lib/bridge/failures';
import type { Code, PoolView } from '$lib/bridge/types';
import { comesBack } from './pool';

/** What can be done about a failure at the pool of whoever signs in. */
export interface Mend {
  deed: 'signInByBrowser' | 'editPool' | 'moveToBrowser';
  label: string;
}

/**
 * Gives what can be done about a failure at a pool; null where that is nothing. The browser is offered only where it
 * can come back, and a pool only where it can be edited.
 */
export function mendOf(code: Code, pool: PoolView | null): Mend | null {
  const { action } = failures[code];
  const isOwn = pool !== null && !pool.sandbox;
  if (action?.id === 'editPool') return isOwn ? { deed: 'editPool', label: action.label } : null;
  if (action?.id !== 'signInByBrowser') return null;
  if (comesBack(pool?.facts.callback ?? '')) return { deed: 'signInByBrowser', label: action.label };
  return isOwn ? { deed: 'moveToBrowser', label: 'Set the pool up for the browser' } : null;
}
