import type { Answer, Failure, SignInPlace } from '$lib/bridge/types';

/** An answer, and whether it is said as whom it was sent: somebody was named for it, or it was not who is chosen. */
export type SentAnswer = Answer & { named: boolean };

/** For whose token a send waits, and whether the user has to sign in for it. */
export interface TokenWait {
  identity: string;
  signIn: boolean;
}

/** What a send waits for before it goes out. */
export type Wait = TokenWait | { sandbox: true };

/** Where a tab's last send stands. */
export type ResponseState =
  | { kind: 'idle' }
  | { kind: 'sending'; since: number; previous: SentAnswer | null; waits: Wait | null }
  | { kind: 'answered'; answer: SentAnswer }
  | { kind: 'cancelled'; previous: SentAnswer | null }
  | { kind: 'failed'; failure: Failure };

/** What is waited for, in words: the sandbox, an identity's token, or its sign-in. */
export type WaitFacts =
  | { kind: 'sandbox' }
  | { kind: 'renewal'; name: string }
  | {
      kind: 'signIn';
      name: string;
      place: SignInPlace;
      /** Whether the sign-in is under way. */
      signingIn: boolean;
      onsignin: () => void;
      /** Opens the form anew. */
      onagain: () => void;
      /** Ends the sign-in alone; null where the send ends with it. */
      oncancel: (() => void) | null;
    };

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
