import type { GrantOffers, PoolDraft } from '$lib/bridge/types';
import { missing, type PoolFacts } from './pool';

/** How long typing rests before the pool is asked. */
const REST = 500;

/** How long the pool may take before it is said that it is being asked. */
const SLOW = 200;

/** Asks a pool in the background which grants it lets in, whenever what the answer hangs on has changed. */
export class Offers {
  #offers = $state.raw<GrantOffers | null>(null);
  #asking = $state(false);
  #asked = '';
  #timer: ReturnType<typeof setTimeout> | undefined;
  #slow: ReturnType<typeof setTimeout> | undefined;

  constructor(
    facts: () => PoolFacts | null,
    ask: (draft: PoolDraft) => Promise<GrantOffers>,
    onanswer: (offers: GrantOffers) => void,
  ) {
    $effect(() => {
      const now = facts();
      const words = now === null || !canAsk(now) ? '' : wordsOf(now);
      if (words === this.#asked) return;
      this.#asked = words;
      this.#rest();
      // Until the new answer comes, the former one stays: nothing jumps while one types.
      if (now === null || words === '') {
        this.#offers = null;
        return;
      }
      const draft = { ...now, grant: 'code' as const };
      this.#timer = setTimeout(() => {
        this.#slow = setTimeout(() => (this.#asking = true), SLOW);
        ask(draft).then(
          (offers) => {
            if (this.#asked !== words) return;
            this.#rest();
            this.#offers = offers;
            onanswer(offers);
          },
          () => {
            // What is wrong with the facts is said when they are kept.
            if (this.#asked !== words) return;
            this.#rest();
            this.#offers = null;
          },
        );
      }, REST);
    });
    // A form that is gone takes no answer.
    $effect(() => () => {
      this.#rest();
      this.#asked = '';
    });
  }

  #rest(): void {
    clearTimeout(this.#timer);
    clearTimeout(this.#slow);
    this.#asking = false;
  }

  /** What the pool lets in, as it said last; null where it cannot be asked, or did not answer. */
  get offers(): GrantOffers | null {
    return this.#offers;
  }

  /** Whether an answer takes its time. */
  get asking(): boolean {
    return this.#asking;
  }
}

function canAsk(facts: PoolFacts): boolean {
  return facts.grant !== 'clientCredentials' && missing(facts) === '';
}

function wordsOf({ domain, clientId, callback, scopes, provider, issuer, endpoints, certificate }: PoolFacts): string {
  return JSON.stringify([domain, clientId, callback, scopes, provider, issuer, endpoints, certificate]);
}
