/** The way to Rust: the only folder that knows Tauri. Every failure is thrown as a `BridgeFailure`. */
import { invoke } from '@tauri-apps/api/core';
import { getCurrentWebview } from '@tauri-apps/api/webview';
import { commands, events } from './bindings';
import { asFailure, BridgeFailure } from './failure';
import type { Change } from './types';

export { commands };

type Result<T> = { status: 'ok'; data: T } | { status: 'error'; error: unknown };

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

/** Calls `handler` for every change that Rust tells, until the function that it gives is called. */
export async function onChange(handler: (change: Change) => void): Promise<() => void> {
  return await events.changed.listen((event) => handler(event.payload));
}

/** Gives lines of an answer's content, from line `from` (counted from 0), at most `count`. */
export async function answerLines(answer: number, pretty: boolean, from: number, count: number): Promise<string> {
  try {
    const bytes = await invoke<ArrayBuffer>('answer_lines', { answer, pretty, from, count });
    return new TextDecoder().decode(bytes);
  } catch (error) {
    throw new BridgeFailure(asFailure(error));
  }
}

/** Scales the whole window; 1 is the natural size. */
export async function setZoom(factor: number): Promise<void> {
  await getCurrentWebview().setZoom(factor);
}
