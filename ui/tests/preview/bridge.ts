/** The pretended Rust as a bridge, for tests: changes are told to whoever listens. */
import type { Bridge } from '$lib/bridge/bridge';
import type { Change } from '$lib/bridge/types';
import { FakeRust } from './fake-rust';

export interface FakeBridge {
  bridge: Bridge;
  rust: FakeRust;
  tell: (change: Change) => void;
  /** Asks the window to close. */
  askToClose: () => void;
}

export function fakeBridge(): FakeBridge {
  const listeners = new Set<(change: Change) => void>();
  const tell = (change: Change) => listeners.forEach((listener) => listener(change));
  const closing = new Set<() => void>();
  const askToClose = () => closing.forEach((listener) => listener());
  const rust = new FakeRust(tell);
  const bridge: Bridge = Object.assign(rust, {
    onChange(handler: (change: Change) => void) {
      listeners.add(handler);
      return Promise.resolve(() => listeners.delete(handler));
    },
    onClosing(handler: () => void) {
      closing.add(handler);
      return Promise.resolve(() => closing.delete(handler));
    },
    answerLines: (_answer: number, pretty: boolean, from: number, count: number) =>
      Promise.resolve(rust.lines(pretty, from, count)),
    setZoom: () => Promise.resolve(),
  });
  return { bridge, rust, tell, askToClose };
}
