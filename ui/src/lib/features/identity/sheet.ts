import type { ClaimView, TokenKind } from '$lib/bridge/types';
import { agoWords, instantWords, leftWords } from './countdown';

/** What the session sheet can have done. */
export interface SheetActions {
  signIn: () => void;
  renew: () => void;
  cancel: () => void;
  signOut: () => void;
  copy: (kind: TokenKind) => Promise<void>;
  reveal: (kind: TokenKind) => Promise<string>;
  update: (name: string, colour: number) => Promise<void>;
  remove: () => void;
  editPool: () => void;
  unlock: () => void;
  close: () => void;
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
