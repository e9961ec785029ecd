import type { ClaimChange, ClaimView, IdentityEdit, PoolView, SessionView, TokenKind } from '$lib/bridge/types';
import { agoWords, instantWords, leftWords } from './countdown';

/** What the session sheet can have done. */
export interface SheetActions {
  signIn: () => void;
  signInByBrowser: () => void;
  renew: () => void;
  /** Opens the form of the sign-in that is under way anew. */
  again: () => void;
  cancel: () => void;
  signOut: () => void;
  copy: (kind: TokenKind) => Promise<void>;
  reveal: (kind: TokenKind) => Promise<string>;
  update: (edit: IdentityEdit) => Promise<void>;
  /** Gives the scopes that the identity's pool knows. */
  scopes: () => Promise<string[]>;
  remove: () => void;
  editPool: () => void;
  /** Edits the pool so that its users sign in in the browser. */
  moveToBrowser: () => void;
  unlock: () => void;
  close: () => void;
}

/** Whether a pool's client is a machine. */
export function isMachine(pool: PoolView | null): boolean {
  return pool?.facts.grant === 'clientCredentials';
}

/** Whether a session is renewed by signing in at the form only. */
export function needsForm(session: SessionView, pool: PoolView | null, over: boolean): boolean {
  if (isMachine(pool)) return false;
  return over || (!session.refreshable && pool?.facts.place === 'browser');
}

/** Says how the tokens of a session are renewed. */
export function renewalWords(session: SessionView, pool: PoolView | null, over: boolean): string {
  if (isMachine(pool)) return 'renews by the client’s secret';
  if (needsForm(session, pool, over)) return 'signs in again to renew';
  return session.refreshable ? 'renews by refresh token' : 'renews through the session';
}

/** Names what gets new tokens for a session. */
export function renewalLabel(session: SessionView, pool: PoolView | null, over: boolean): string {
  if (!needsForm(session, pool, over)) return 'Renew now';
  return over ? 'Sign in' : 'Sign in again';
}

/** Gives the host of a pool's sign-in page; empty where it is not known. */
export function hostOf(pool: PoolView | null): string {
  return (pool?.facts.domain ?? '').replace(/^https?:\/\//, '');
}

/** Says how a claim differs from the one of the last token. */
export function changeWords(change: ClaimChange): string {
  if (change.before === null) return 'new since the last token';
  if (change.after === null) return `gone since the last token, was ${change.before}`;
  return `was ${change.before === '' ? 'empty' : change.before}`;
}

/** Writes a claim's value as the table shows it. */
export function claimValue(claim: ClaimView, now: number): string {
  if (claim.time) return instantWords(Number(claim.value), now);
  const list = stringList(claim.value);
  if (list) return list.join(', ');
  return claim.value.replace(/^https:\/\//, '');
}

function stringList(value: string): string[] | null {
  if (!value.startsWith('[')) return null;
  try {
    const read: unknown = JSON.parse(value);
    return Array.isArray(read) && read.every((entry) => typeof entry === 'string') ? read : null;
  } catch {
    return null;
  }
}

/** Writes a claim's note; for a time that counts, how far away it is. */
export function claimNote(claim: ClaimView, now: number): string {
  const seconds = Number(claim.value);
  if (claim.time && Number.isFinite(seconds)) {
    if (claim.name === 'exp')
      return seconds > now ? `in ${leftWords(seconds - now)}` : `expired ${agoWords(now - seconds)}`;
    if (claim.name === 'auth_time') return `signed in ${agoWords(now - seconds)}`;
    if (claim.name === 'iat') return `issued ${agoWords(now - seconds)}`;
  }
  return claim.note;
}
