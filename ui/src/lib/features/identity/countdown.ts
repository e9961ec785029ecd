import type { IdentityView, TokenView } from '$lib/bridge/types';

/** Below this many seconds the words change each second. */
const NEAR = 60;

/** Writes how long something still holds: `54 min`, `1 h 20 min`, `42 s`, `expired`. */
export function leftWords(seconds: number): string {
  if (seconds <= 0) return 'expired';
  if (seconds < NEAR) return `${Math.ceil(seconds)} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  if (hours >= 48) return `${Math.floor(hours / 24)} days`;
  return minutes % 60 === 0 ? `${hours} h` : `${hours} h ${minutes % 60} min`;
}

/** Gives the milliseconds until the words change; null where they never will. */
export function untilChange(seconds: number): number | null {
  if (seconds <= 0) return null;
  if (seconds <= NEAR) return Math.max(20, (seconds - Math.ceil(seconds) + 1) * 1000);
  return Math.max(20, (seconds - Math.floor(seconds / 60) * 60) * 1000 + 20);
}

/** Writes when something was: `just now`, `6 min ago`, `2 h ago`. */
export function agoWords(seconds: number): string {
  if (seconds < NEAR) return 'just now';
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ago`;
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? `${hours} h ago` : `${Math.floor(hours / 24)} days ago`;
}

/** Writes an instant: `today 14:02:11`, `tomorrow 00:10:00`, `2026-11-20 09:00:00`. */
export function instantWords(seconds: number, now: number): string {
  const at = new Date(seconds * 1000);
  const two = (part: number): string => String(part).padStart(2, '0');
  const time = `${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}`;
  const midnight = (date: Date): number => new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime();
  const days = Math.round((midnight(at) - midnight(new Date(now * 1000))) / 86_400_000);
  const near: Record<string, string> = { '-1': 'yesterday', '0': 'today', '1': 'tomorrow' };
  const day = near[String(days)] ?? `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
  return `${day} ${time}`;
}

/** Gives the token whose life is counted: the ID token, or where none came the access token. */
export function countedToken(identity: IdentityView): TokenView | null {
  if (identity.state.kind !== 'signedIn') return null;
  return identity.state.session.idToken ?? identity.state.session.accessToken;
}

/** Gives the colour of an identity. */
export function identityColour(identity: IdentityView): string {
  return colourOf(identity.colour);
}

/** Gives a colour that an identity can have. */
export function colourOf(colour: number): string {
  return `var(--identity-${colour % 6})`;
}

/** How an identity stands, in one word or two. */
export interface Standing {
  words: string;
  tone: 'plain' | 'near' | 'over' | 'out';
  /** What is left of the token's life, 0 to 1; null where none is counted. */
  share: number | null;
}

/** Tells how an identity stands at an instant, in seconds since 1970. */
export function standing(identity: IdentityView, now: number): Standing {
  switch (identity.state.kind) {
    case 'signedOut':
      return { words: 'sign in', tone: 'out', share: null };
    case 'signingIn':
      return { words: 'signing in', tone: 'plain', share: null };
    case 'locked':
      return { words: 'locked', tone: 'out', share: null };
    case 'signedIn': {
      const token = countedToken(identity);
      const expires = token?.expiresAt ?? 0;
      const issued = token?.issuedAt ?? expires;
      const left = expires - now;
      if (identity.state.renewing) return { words: 'renewing', tone: 'plain', share: null };
      if (identity.state.over) return { words: 'session over', tone: 'over', share: null };
      const life = Math.max(1, expires - issued);
      const tone = left <= 0 ? 'over' : left < Math.min(300, life / 4) ? 'near' : 'plain';
      return { words: leftWords(left), tone, share: Math.min(1, Math.max(0, left / life)) };
    }
  }
}
