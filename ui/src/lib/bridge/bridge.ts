/** The way to Rust: the only folder that knows Tauri. Every failure is thrown as a `BridgeFailure`. */
import { invoke } from '@tauri-apps/api/core';
import { getCurrentWebview } from '@tauri-apps/api/webview';
import { commands, events } from './bindings';
import { asFailure, BridgeFailure } from './failure';
import type { Change } from './types';

type Commands = typeof commands;
type Result<T> = { status: 'ok'; data: T } | { status: 'error'; error: unknown };
type Data<C> = C extends (...args: never) => Promise<infer R>
  ? R extends { status: 'ok'; data: infer T }
    ? T
    : never
  : never;

/** Everything that the window asks of Rust: each command gives its data or throws. */
export type Bridge = { [K in keyof Commands]: (...args: Parameters<Commands[K]>) => Promise<Data<Commands[K]>> } & {
  /** Calls `handler` for every change that Rust tells, until the function that it gives is called. */
  onChange(handler: (change: Change) => void): Promise<() => void>;
  /** Calls `handler` when the window is about to close, until the function that it gives is called. */
  onClosing(handler: () => void): Promise<() => void>;
  /** Gives lines of an answer's content, from line `from` (counted from 0), at most `count`. */
  answerLines(answer: number, pretty: boolean, from: number, count: number): Promise<string>;
  /** Scales the whole window; 1 is the natural size. */
  setZoom(factor: number): Promise<void>;
};

/** Gives what a command answers and throws what it fails with. */
export async function call<T>(answer: Promise<Result<T>>): Promise<T> {
  let result: Result<T>;
  try {
    result = await answer;
  } catch (error) {
    throw new BridgeFailure(asFailure(error));
  }
  if (result.status === 'error') throw new BridgeFailure(asFailure(result.error));
  return result.data;
}

function throwing(): Pick<Bridge, keyof Commands> {
  const wrapped = Object.entries(commands).map(([name, command]) => {
    const run = command as (...args: unknown[]) => Promise<Result<unknown>>;
    return [name, (...args: unknown[]) => call(run(...args))];
  });
  return Object.fromEntries(wrapped) as Pick<Bridge, keyof Commands>;
}

export const bridge: Bridge = {
  ...throwing(),
  onChange: (handler) => events.changed.listen((event) => handler(event.payload)),
  onClosing: (handler) => events.closing.listen(handler),
  async answerLines(answer, pretty, from, count) {
    try {
      const bytes = await invoke<ArrayBuffer>('answer_lines', { answer, pretty, from, count });
      return new TextDecoder().decode(bytes);
    } catch (error) {
      throw new BridgeFailure(asFailure(error));
    }
  },
  setZoom: (factor) => getCurrentWebview().setZoom(factor),
};
