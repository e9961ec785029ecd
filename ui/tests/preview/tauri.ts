/** Stands in for Tauri's API: the calls go to the pretended Rust. */
import type { Change } from '$lib/bridge/types';
import { FakeRust } from './fake-rust';

const listeners = new Set<(event: { payload: Change }) => void>();
export const rust = new FakeRust((change) => listeners.forEach((listener) => listener({ payload: change })));

export function invoke(command: string, args: Record<string, unknown> = {}): Promise<unknown> {
  if (command === 'answer_lines') {
    const { pretty, from, count } = args as { pretty: boolean; from: number; count: number };
    return Promise.resolve(new TextEncoder().encode(rust.lines(pretty, from, count)).buffer);
  }
  const name = command.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
  const deed = (rust as unknown as Record<string, ((...args: unknown[]) => Promise<unknown>) | undefined>)[name];
  if (!deed) return Promise.reject(new Error(`the pretended Rust has no ${command}`));
  return deed.apply(rust, Object.values(args));
}

export function listen(_name: string, handler: (event: { payload: Change }) => void): Promise<() => void> {
  listeners.add(handler);
  return Promise.resolve(() => listeners.delete(handler));
}

export const once = listen;
export const emit = () => Promise.resolve();
export const emitTo = () => Promise.resolve();
export const getCurrentWebview = () => ({
  setZoom(factor: number): Promise<void> {
    document.documentElement.style.zoom = String(factor);
    return Promise.resolve();
  },
});
