/** What would go out with a request, asked for anew whenever it changes. */
import type { Bridge } from '$lib/bridge/bridge';
import type { Preview, Request, RequestContext } from '$lib/bridge/types';

const delayMs = 120;

export class LivePreview {
  #latest = $state.raw<Preview | null>(null);
  #number = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #asked = -Infinity;

  /** What would go out by the last answer; null where there is none. */
  get latest(): Preview | null {
    return this.#latest;
  }

  /** Asks what would go out: at once, or while changes follow one another a moment after the last; the latest wins. */
  ask(bridge: Pick<Bridge, 'preview'>, context: RequestContext, request: Request): void {
    clearTimeout(this.#timer);
    const number = ++this.#number;
    const now = performance.now();
    const isQuiet = now - this.#asked >= delayMs;
    this.#asked = now;
    const look = () => {
      bridge.preview(context, request).then(
        (preview) => {
          if (number === this.#number) this.#latest = preview;
        },
        () => {
          if (number === this.#number) this.#latest = null;
        },
      );
    };
    this.#timer = setTimeout(look, isQuiet ? 0 : delayMs);
  }

  /** Takes no answer any more. */
  dispose(): void {
    clearTimeout(this.#timer);
    this.#number += 1;
  }
}
