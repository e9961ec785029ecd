/** The instants that the start benchmark asks for; Rust ignores them where no benchmark runs. */
import type { Bridge } from '$lib/bridge/bridge';

type Marks = Pick<Bridge, 'mark'>;

/** Notes `painted` once what was rendered is on the screen. */
export function markPainted(bridge: Marks): void {
  requestAnimationFrame(() => requestAnimationFrame(() => void bridge.mark('painted').catch(() => {})));
}

let usable = false;

/** Notes `usable`, once, when the first control that a person would use takes input. */
export function markUsable(bridge: Marks): void {
  if (usable) return;
  usable = true;
  requestAnimationFrame(() => requestAnimationFrame(() => void bridge.mark('usable').catch(() => {})));
}
