/** A tab: a request as it is edited, the file that it came from, what would go out, and its last send. */
import type { Bridge } from '$lib/bridge/bridge';
import { asFailure } from '$lib/bridge/failure';
import type { Failure, OpenedRequest, Preview, Request, RequestContext, TabState } from '$lib/bridge/types';
import type { SectionId } from '$lib/features/request/facts';
import type { ResponseState, SentAnswer, Wait } from '$lib/features/response/state';
import { blankRequest } from './blank';
import { same } from '../same';

const previewDelayMs = 120;
const blank = blankRequest();
let sends = 0;

/** What a send has to begin with. */
export interface Preparation {
  waits: Wait;
  /** Answers whether the send may go on. */
  ready: () => Promise<boolean>;
  /** Begins it anew. */
  again: () => void;
  /** Ends it, because nobody waits for it any more. */
  giveUp: () => void;
}

export interface TabOrigin {
  id: string;
  collection: string | null;
  path: string | null;
  /** Where a request that was never saved would go to. */
  folder?: string;
  request?: Request | null;
  base?: Request | null;
  version?: string | null;
}

export class RequestTab {
  readonly id: string;
  section = $state<SectionId>('params');
  collection = $state<string | null>(null);
  path = $state<string | null>(null);
  folder = $state('');
  /** Whether the collection has been seen to list its file: only then can the file be gone. */
  listed = $state(false);
  #version: string | null = null;
  #request = $state.raw<Request | null>(null);
  #base = $state.raw<Request | null>(null);
  #theirs = $state.raw<OpenedRequest | null>(null);
  #failure = $state.raw<Failure | null>(null);
  #preview = $state.raw<Preview | null>(null);
  #response = $state.raw<ResponseState>({ kind: 'idle' });
  #loaded = $state(false);
  #sending: number | null = null;
  #preparation = $state.raw<Preparation | null>(null);
  #askedAs: string | null = null;
  #previewNumber = 0;
  #previewTimer: ReturnType<typeof setTimeout> | undefined;
  #previewAsked = -Infinity;

  constructor(origin: TabOrigin) {
    this.id = origin.id;
    this.collection = origin.collection;
    this.path = origin.path;
    this.folder = origin.folder ?? '';
    this.#version = origin.version ?? null;
    this.#request = origin.request ?? (origin.path === null ? blank : null);
    this.#base = origin.base ?? null;
    this.#loaded = origin.path === null || this.#base !== null;
  }

  /** As edited; null until the file is read. */
  get request(): Request | null {
    return this.#request;
  }

  /** As in the file; null for a request that was never saved. */
  get base(): Request | null {
    return this.#base;
  }

  get version(): string | null {
    return this.#version;
  }

  /** What another program made of the file while it was edited here. */
  get theirs(): OpenedRequest | null {
    return this.#theirs;
  }

  /** Why the file could not be read. */
  get failure(): Failure | null {
    return this.#failure;
  }

  get preview(): Preview | null {
    return this.#preview;
  }

  get response(): ResponseState {
    return this.#response;
  }

  get loaded(): boolean {
    return this.#loaded;
  }

  get sending(): boolean {
    return this.#response.kind === 'sending';
  }

  /** Whose token its send waits for. */
  get waitsFor(): string | null {
    const waits = this.#response.kind === 'sending' ? this.#response.waits : null;
    return waits && 'identity' in waits ? waits.identity : null;
  }

  /** Whether its send has not gone out yet, because it began with something else. */
  get preparing(): boolean {
    return this.#preparation !== null;
  }

  /** The identity that its last send was asked for by name; null where that was left to what is chosen. */
  get askedAs(): string | null {
    return this.#askedAs;
  }

  get dirty(): boolean {
    if (this.#request === null) return false;
    if (this.path === null) return !same(this.#request, blank);
    return this.#base === null || !same(this.#request, this.#base);
  }

  get title(): string {
    return this.#request?.name || urlTail(this.#request?.url ?? '') || nameOfFile(this.path) || 'New request';
  }

  get method(): string {
    return this.#request?.method ?? '';
  }

  edit(request: Request): void {
    this.#request = request;
  }

  rename(name: string): void {
    if (this.#request) this.#request = { ...this.#request, name };
    if (this.#base) this.#base = { ...this.#base, name };
  }

  /** Takes what was saved; what was typed since the save began stays. */
  saved(opened: OpenedRequest, sent: Request): void {
    this.path = opened.path;
    this.#version = opened.version;
    this.#base = opened.request;
    this.#theirs = null;
    this.#loaded = true;
    if (this.#request === sent) this.#request = opened.request;
  }

  /** Takes the file as it is now: over a clean request; a draft is kept, and if both changed, both are kept. */
  read(opened: OpenedRequest): void {
    const untouched = this.#request === null || (this.#base !== null && same(this.#request, this.#base));
    const agrees = this.#request !== null && same(this.#request, opened.request);
    const unchanged = this.#version === opened.version;
    this.#failure = null;
    this.#loaded = true;
    const sameBase = this.#base !== null && same(this.#base, opened.request);
    if (untouched || agrees) this.#take(opened);
    else if (unchanged || sameBase) this.#rebase(opened);
    else this.#theirs = opened;
  }

  failed(failure: Failure): void {
    this.#loaded = true;
    this.#failure = failure;
  }

  takeTheirs(): void {
    if (this.#theirs) this.#take(this.#theirs);
  }

  /** The request of its own again, without a file: what was typed is kept as a draft. */
  detach(): void {
    this.path = null;
    this.#base = null;
    this.#version = null;
    this.#theirs = null;
    this.#loaded = true;
  }

  #rebase(opened: OpenedRequest): void {
    this.#base = opened.request;
    this.#version = opened.version;
    this.#theirs = null;
  }

  #take(opened: OpenedRequest): void {
    this.path = opened.path;
    this.#version = opened.version;
    this.#base = opened.request;
    this.#request = opened.request;
    this.#theirs = null;
  }

  /** Asks what would go out: at once, or while changes follow one another a moment after the last; the latest wins. */
  askPreview(bridge: Pick<Bridge, 'preview'>, context: RequestContext, request: Request): void {
    clearTimeout(this.#previewTimer);
    const number = ++this.#previewNumber;
    const now = performance.now();
    const isQuiet = now - this.#previewAsked >= previewDelayMs;
    this.#previewAsked = now;
    const ask = () => {
      bridge.preview(context, request).then(
        (preview) => {
          if (number === this.#previewNumber) this.#preview = preview;
        },
        () => {
          if (number === this.#previewNumber) this.#preview = null;
        },
      );
    };
    this.#previewTimer = setTimeout(ask, isQuiet ? 0 : previewDelayMs);
  }

  /**
   * Sends the request as it is, once what has to come first is done; a second call while it is under way does nothing.
   *
   * Throws what goes wrong before the send.
   */
  async send(
    bridge: Pick<Bridge, 'send' | 'forgetAnswer'>,
    context: RequestContext,
    now: number,
    first: Preparation | null = null,
  ): Promise<void> {
    const request = this.#request;
    if (request === null || this.#sending !== null) return;
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

  /** Begins anew with what comes before the send. */
  again(): void {
    this.#preparation?.again();
  }

  /** Ends what a send began with, so that it does not go out. */
  #giveUp(): void {
    const first = this.#preparation;
    this.#preparation = null;
    this.#sending = null;
    first?.giveUp();
  }

  /** Lets go of what a closed tab holds in Rust. */
  dispose(bridge: Pick<Bridge, 'cancelSend' | 'forgetAnswer'>): void {
    clearTimeout(this.#previewTimer);
    this.#previewNumber += 1;
    const answer = this.#answer();
    if (this.#preparation === null && this.#sending !== null) void bridge.cancelSend(this.#sending).catch(() => {});
    this.#giveUp();
    if (answer) void bridge.forgetAnswer(answer.id).catch(() => {});
  }

  #answer(): SentAnswer | null {
    if (this.#response.kind === 'answered') return this.#response.answer;
    return 'previous' in this.#response ? this.#response.previous : null;
  }

  snapshot(): TabState {
    return {
      id: this.id,
      collection: this.collection,
      path: this.path,
      draft: this.dirty ? this.#request : null,
      version: this.#version,
    };
  }
}

function nameOfFile(path: string | null): string {
  return (
    path
      ?.split('/')
      .at(-1)
      ?.replace(/\.ya?ml$/, '') ?? ''
  );
}

function urlTail(url: string): string {
  const path = url.split(/[?#]/)[0] ?? '';
  return path.replace(/^[a-z]+:\/\//i, '').slice(-40);
}
