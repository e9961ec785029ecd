import type { Answer, Failure } from '$lib/bridge/types';

/** Where a tab's last send stands. */
export type ResponseState =
  | { kind: 'idle' }
  | { kind: 'sending'; since: number; previous: Answer | null }
  | { kind: 'answered'; answer: Answer }
  | { kind: 'cancelled'; previous: Answer | null }
  | { kind: 'failed'; failure: Failure };

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
