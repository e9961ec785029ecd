import type { IdentityView } from '$lib/bridge/types';
import { countedToken, standing, untilChange, type Standing } from './countdown';

/** Counts an identity's token down with no more timers than changes of the words. */
export class Countdown {
  #now = $state(Date.now() / 1000);
  readonly #identity: () => IdentityView | null;

  constructor(identity: () => IdentityView | null) {
    this.#identity = identity;
    $effect(() => {
      const shown = this.#identity();
      const expires = shown ? countedToken(shown)?.expiresAt : null;
      if (typeof expires !== 'number') return;
      const wait = untilChange(expires - this.#now);
      if (wait === null) return;
      const timer = setTimeout(() => this.#look(), Math.min(wait, 60_000));
      return () => clearTimeout(timer);
    });
    $effect(() => {
      const awake = () => document.visibilityState === 'visible' && this.#look();
      document.addEventListener('visibilitychange', awake);
      return () => document.removeEventListener('visibilitychange', awake);
    });
    $effect(() => {
      void this.#identity();
      this.#look();
    });
  }

  #look(): void {
    this.#now = Date.now() / 1000;
  }

  /** Seconds since 1970 at the last look at the clock. */
  get now(): number {
    return this.#now;
  }

  get standing(): Standing | null {
    const identity = this.#identity();
    return identity && standing(identity, this.#now);
  }
}
