/** The last send of a tab: what it waits for, and what came of it. */
import type { Bridge } from '$lib/bridge/bridge';
import { asFailure } from '$lib/bridge/failure';
import type { Request, RequestContext } from '$lib/bridge/types';
import type { ResponseState, SentAnswer, Wait } from '$lib/features/response/state';

let sends = 0;

/** What a send has to begin with. */
export interface Preparation {
  waits: Wait;
  /** Answers whether the send may go on. */
  ready: () => Promise<boolean>;
  /** Ends it, because nobody waits for it any more. */
  giveUp: () => void;
}

export class LastSend {
  #response = $state.raw<ResponseState>({ kind: 'idle' });
  #sending: number | null = null;
  #preparation = $state.raw<Preparation | null>(null);
  #askedAs: string | null = null;

  get response(): ResponseState {
    return this.#response;
  }

  get sending(): boolean {
    return this.#response.kind === 'sending';
  }

  /** Whose token it waits for. */
  get waitsFor(): string | null {
    const waits = this.#response.kind === 'sending' ? this.#response.waits : null;
    return waits && 'identity' in waits ? waits.identity : null;
  }

  /** Whether it has not gone out yet, because it began with something else. */
  get preparing(): boolean {
    return this.#preparation !== null;
  }

  /** The identity that it was asked for by name; null where that was left to what is chosen. */
  get askedAs(): string | null {
    return this.#askedAs;
  }

  /**
   * Sends a request, once what has to come first is done; a second call while it is under way does nothing.
   *
   * Throws what goes wrong before the send.
   */
  async begin(
    bridge: Pick<Bridge, 'send' | 'forgetAnswer'>,
    context: RequestContext,
    request: Request,
    now: number,
    first: Preparation | null = null,
  ): Promise<void> {
    if (this.#sending !== null) return;
    const number = ++sends;
    const before = this.#response;
    const previous = this.#answer();
    this.#sending = number;
    this.#response = { kind: 'sending', since: now, previous, waits: first?.waits ?? null };
    if (first && !(await this.#prepare(number, first, before))) return;
    this.#askedAs = context.sendAs;
    try {
      const end = await bridge.send(number, context, request);
      if (this.#sending !== number) {
        if (end.kind === 'answered') void bridge.forgetAnswer(end.answer.id).catch(() => {});
        return;
      }
      if (end.kind === 'cancelled') {
        this.#response = { kind: 'cancelled', previous };
      } else {
        const { answer } = end;
        const named = context.sendAs !== null || answer.sentAs !== context.identity;
        this.#response = { kind: 'answered', answer: { ...answer, named } };
        if (previous) void bridge.forgetAnswer(previous.id).catch(() => {});
      }
    } catch (error) {
      if (this.#sending !== number) return;
      this.#response = { kind: 'failed', failure: asFailure(error) };
      if (previous) void bridge.forgetAnswer(previous.id).catch(() => {});
    } finally {
      if (this.#sending === number) this.#sending = null;
    }
  }

  /** Does what has to come before a send, and tells whether it goes on: where it does not, all is as it was before. */
  async #prepare(number: number, first: Preparation, before: ResponseState): Promise<boolean> {
    this.#preparation = first;
    let isReady = false;
    try {
      isReady = await first.ready();
    } finally {
      if (this.#sending === number) {
        this.#preparation = null;
        if (!isReady) {
          this.#sending = null;
          this.#response = before;
        }
      }
    }
    if (this.#sending !== number) return false;
    this.goesOn();
    return true;
  }

  /** Takes note that a send waits for a token; of another tab's send nothing. */
  waits(send: number, identity: string, signIn: boolean): boolean {
    if (this.#sending !== send || this.#response.kind !== 'sending') return false;
    this.#response = { ...this.#response, waits: { identity, signIn } };
    return true;
  }

  /** Goes on once the token is there. */
  goesOn(): void {
    if (this.#response.kind === 'sending') this.#response = { ...this.#response, waits: null };
  }

  async cancel(bridge: Pick<Bridge, 'cancelSend'>): Promise<void> {
    if (this.#preparation) {
      const previous = this.#answer();
      this.#giveUp();
      this.#response = { kind: 'cancelled', previous };
    } else if (this.#sending !== null) {
      await bridge.cancelSend(this.#sending);
    }
  }

  /** Ends what a send began with, so that it does not go out. */
  #giveUp(): void {
    const first = this.#preparation;
    this.#preparation = null;
    this.#sending = null;
    first?.giveUp();
  }

  /** Lets go of what it holds in Rust. */
  dispose(bridge: Pick<Bridge, 'cancelSend' | 'forgetAnswer'>): void {
    const answer = this.#answer();
    if (this.#preparation === null && this.#sending !== null) void bridge.cancelSend(this.#sending).catch(() => {});
    this.#giveUp();
    if (answer) void bridge.forgetAnswer(answer.id).catch(() => {});
  }

  #answer(): SentAnswer | null {
    if (this.#response.kind === 'answered') return this.#response.answer;
    return 'previous' in this.#response ? this.#response.previous : null;
  }
}
