import type { Answer, Failure } from '$lib/bridge/types';

/** An answer, and the id of the identity that it was sent as where that was not left to what is chosen. */
export type SentAnswer = Answer & { sentAs: string | null };

/** For whose token a send waits, and whether the user has to sign in for it. */
export interface TokenWait {
  identity: string;
  signIn: boolean;
}

/** Where a tab's last send stands. */
export type ResponseState =
  | { kind: 'idle' }
  | { kind: 'sending'; since: number; previous: SentAnswer | null; waits: TokenWait | null }
  | { kind: 'answered'; answer: SentAnswer }
  | { kind: 'cancelled'; previous: SentAnswer | null }
  | { kind: 'failed'; failure: Failure };

/** Whose token is waited for, in words. */
export interface WaitFacts {
  name: string;
  signIn: boolean;
  /** Whether the sign-in is under way. */
  signingIn: boolean;
  onsignin: () => void;
}

/** An identity as the response names it. */
export interface NamedIdentity {
  name: string;
  colour: string;
}

/** A failure's title, and what can be done about it at a click. */
export interface FailureWords {
  title: string;
  action: { label: string; run: () => void } | null;
}

/** Gives lines of an answer's content, counted from 0. */
export type GetLines = (answer: number, pretty: boolean, from: number, count: number) => Promise<string>;

/** Finds the lines of an answer's content that have a text in them. */
export type FindLines = (answer: number, pretty: boolean, text: string) => Promise<number[]>;

/** A part of the response pane. */
export type ResponseSection = 'body' | 'headers' | 'sent' | 'timing';
