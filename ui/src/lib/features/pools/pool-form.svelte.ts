/** A user pool while it is set up: what was typed, and what was read from its address. It outlives its sheet. */
import { failureLine } from '$lib/bridge/failure';
import type { Grant, PoolDraft, PoolView } from '$lib/bridge/types';
import { same } from '$lib/state/same';
import {
  carriedBy,
  factsOf,
  inTheBrowser,
  isSameClient,
  isUserScope,
  merged,
  missing,
  type PoolFacts,
  withGrant,
} from './pool';
import { type SecretEdit, secretToKeep, willHaveSecret } from './secret';

export class PoolForm {
  pasted = $state('');
  facts: PoolFacts = $state.raw(factsOf({}));
  /** Whether the address was read, or is filled in by hand instead. */
  #known = $state(false);
  #byHand = $state(false);
  /** Whether the user has chosen the grant. */
  #chosen = $state(false);
  #typed = $state('');
  #removed = $state(false);
  #unread = $state('');
  #remarks: string[] = $state.raw([]);
  /** As the pool was kept last; null for a new one. */
  #kept: PoolFacts | null = $state.raw(null);
  /** What it began with, before anything was typed. */
  #begun: PoolFacts = $state.raw(this.facts);
  #hasSecret = $state(false);
  #userScopes: string[] | undefined;
  #asked = '';

  constructor(pool: PoolView | null) {
    if (!pool) return;
    this.#kept = this.#begun = this.facts = factsOf(pool.facts);
    this.#hasSecret = pool.clientSecret;
    this.#known = this.#chosen = true;
  }

  get known(): boolean {
    return this.#known;
  }

  /** Why the address cannot be read; empty where it can. */
  get unread(): string {
    return this.#unread;
  }

  get remarks(): string[] {
    return this.#remarks;
  }

  get machine(): boolean {
    return this.facts.grant === 'clientCredentials';
  }

  get secret(): SecretEdit {
    const stored = this.#hasSecret && this.#kept !== null && isSameClient(this.#kept, this.facts);
    return { typed: this.#typed, stored, removed: this.#removed };
  }

  set secret({ typed, removed }: SecretEdit) {
    this.#typed = typed;
    this.#removed = removed;
  }

  /** Whether an address that cannot be read stands in the way, until the user fills in what it would have said. */
  get isStuck(): boolean {
    return this.#unread !== '' && !this.#byHand;
  }

  /** Says what is still missing; empty where nothing is. */
  get lacks(): string {
    const fact = missing(this.facts);
    if (fact !== '' || !this.machine || willHaveSecret(this.secret)) return fact;
    return 'The client secret is missing, without which a machine gets no token.';
  }

  /** Whether anything would be lost with it. */
  get isTouched(): boolean {
    return this.pasted.trim() !== '' || this.#typed !== '' || this.#removed || !same(this.facts, this.#begun);
  }

  /** Follows what has become of its pool, and leaves what was typed. */
  follow(pool: PoolView): void {
    const now = factsOf(pool.facts);
    if (this.#kept) this.facts = merged(this.#kept, now, this.facts);
    this.#kept = this.#begun = now;
    this.#hasSecret = pool.clientSecret;
  }

  fillInByHand(): void {
    this.#known = this.#byHand = true;
  }

  moveToBrowser(): void {
    const isAsBegun = same(this.facts, this.#begun);
    this.facts = inTheBrowser(this.facts);
    if (isAsBegun) this.#begun = this.facts;
  }

  /** Takes the grant that the user has chosen. */
  choose(grant: Grant): void {
    this.#chosen = true;
    this.#setGrant(grant);
  }

  /** Takes a grant as long as the user has chosen none. */
  propose(grant: Grant): void {
    if (!this.#chosen) this.#setGrant(grant);
  }

  #setGrant(grant: Grant): void {
    if (!this.machine && grant === 'clientCredentials') this.#userScopes = this.facts.scopes.filter(isUserScope);
    this.facts = withGrant(this.facts, grant, this.#userScopes);
  }

  /** Reads the address that was pasted, once; what is typed meanwhile stays. */
  async read(read: (text: string) => Promise<PoolDraft>): Promise<void> {
    const wanted = this.pasted.trim();
    if (wanted === this.#asked) return;
    this.#asked = wanted;
    if (wanted === '') {
      this.#unread = '';
      return;
    }
    const before = this.facts;
    try {
      const draft = await read(wanted);
      if (this.#asked === wanted) this.#take(draft, before);
    } catch (error) {
      if (this.#asked === wanted) this.#unread = failureLine(error);
    }
  }

  #take(draft: PoolDraft, before: PoolFacts): void {
    const { grant, ...carried } = this.#known ? carriedBy(draft) : factsOf(draft);
    const wasMachine = this.machine;
    if (wasMachine && carried.scopes) this.#userScopes = carried.scopes.filter(isUserScope);
    const scopes = carried.scopes?.filter((scope) => !wasMachine || !isUserScope(scope));
    this.facts = merged(before, { ...carried, ...(scopes ? { scopes } : {}) }, this.facts);
    if (grant) this.propose(grant);
    this.#remarks = draft.remarks ?? [];
    this.#unread = '';
    this.#byHand = false;
    this.#known = true;
  }

  /** Gives what is kept: the pool, and its client's secret, which is forgotten here once that is done. */
  async keep(save: (draft: PoolDraft, secret: string | null) => Promise<void>): Promise<void> {
    const callback = this.machine ? '' : this.facts.callback;
    await save({ ...this.facts, callback, remarks: [] }, secretToKeep(this.secret));
    this.#typed = '';
  }
}
