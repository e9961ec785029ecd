import type { GrantOffers, PoolDraft } from '$lib/bridge/types';
import { missing, type PoolFacts } from './pool';

/** How long typing rests before the pool is asked. */
const REST = 500;

/** Asks a pool in the background which grants it lets in, whenever what the answer hangs on has changed. */
export class Offers {
  #offers = $state.raw<GrantOffers | null>(null);
  #asking = $state(false);
  #asked = '';
  #timer: ReturnType<typeof setTimeout> | undefined;

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
      clearTimeout(this.#timer);
      this.#offers = null;
      this.#asking = words !== '';
      if (now === null || words === '') return;
      const draft = { ...now, grant: 'code' as const };
      this.#timer = setTimeout(() => {
        ask(draft).then(
          (offers) => {
            if (this.#asked !== words) return;
            this.#offers = offers;
            this.#asking = false;
            onanswer(offers);
          },
          () => {
            // What is wrong with the facts is said when they are kept.
            if (this.#asked === words) this.#asking = false;
          },
        );
      }, REST);
    });
    // A form that is gone takes no answer.
    $effect(() => () => {
      clearTimeout(this.#timer);
      this.#asked = '';
    });
  }

  /** What the pool lets in; null where it was not asked, or did not answer. */
  get offers(): GrantOffers | null {
    return this.#offers;
  }

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
