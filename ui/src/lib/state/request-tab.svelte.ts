/** A tab: a request as it is edited, the file that it came from, what would go out, and its last send. */
import type { Bridge } from '$lib/bridge/bridge';
import { asFailure } from '$lib/bridge/failure';
import type { Failure, OpenedRequest, Preview, Request, RequestContext, TabState } from '$lib/bridge/types';
import type { SectionId } from '$lib/features/request/facts';
import type { ResponseState, SentAnswer } from '$lib/features/response/state';
import { blankRequest } from './blank';
import { same } from './same';

const previewDelayMs = 120;
const blank = blankRequest();
let sends = 0;

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
  #sentAs: string | null = null;
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
    return this.#response.kind === 'sending' ? (this.#response.waits?.identity ?? null) : null;
  }

  /** The identity that its last send went out as, where that was not left to what is chosen. */
  get sentAs(): string | null {
    return this.#sentAs;
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

  /** Sends the request as it is; a second call while it is under way does nothing. */
  async send(bridge: Pick<Bridge, 'send' | 'forgetAnswer'>, context: RequestContext, now: number): Promise<void> {
    const request = this.#request;
    if (request === null || this.#sending !== null) return;
    const number = ++sends;
    const previous = this.#answer();
    const { sendAs } = context;
    this.#sending = number;
    this.#sentAs = sendAs;
    this.#response = { kind: 'sending', since: now, previous, waits: null };
    try {
      const end = await bridge.send(number, context, request);
      if (this.#sending !== number) {
        if (end.kind === 'answered') void bridge.forgetAnswer(end.answer.id).catch(() => {});
        return;
      }
      if (end.kind === 'cancelled') {
        this.#response = { kind: 'cancelled', previous };
      } else {
        this.#response = { kind: 'answered', answer: { ...end.answer, sentAs: sendAs } };
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
    if (this.#sending !== null) await bridge.cancelSend(this.#sending);
  }

  /** Lets go of what a closed tab holds in Rust. */
  dispose(bridge: Pick<Bridge, 'cancelSend' | 'forgetAnswer'>): void {
    clearTimeout(this.#previewTimer);
    this.#previewNumber += 1;
    const answer = this.#answer();
    if (this.#sending !== null) void bridge.cancelSend(this.#sending).catch(() => {});
    this.#sending = null;
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
