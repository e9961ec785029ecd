/** A tab: a request as it is edited, the file that it came from, what would go out, and its last send. */
import type { Bridge } from '$lib/bridge/bridge';
import type { Failure, OpenedRequest, Preview, Request, RequestContext, TabState } from '$lib/bridge/types';
import type { SectionId } from '$lib/features/request/facts';
import type { ResponseState } from '$lib/features/response/state';
import { blankRequest } from './blank';
import { LastSend, type Preparation } from './last-send.svelte';
import { LivePreview } from './live-preview.svelte';
import { same } from '../same';

const blank = blankRequest();

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
  #loaded = $state(false);
  readonly #preview = new LivePreview();
  readonly lastSend = new LastSend();

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
    return this.#preview.latest;
  }

  get response(): ResponseState {
    return this.lastSend.response;
  }

  get loaded(): boolean {
    return this.#loaded;
  }

  get sending(): boolean {
    return this.lastSend.sending;
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

  /** Asks what would go out. */
  askPreview(bridge: Pick<Bridge, 'preview'>, context: RequestContext, request: Request): void {
    this.#preview.ask(bridge, context, request);
  }

  /** Sends the request as it is; see {@link LastSend.begin}. */
  async send(
    bridge: Pick<Bridge, 'send' | 'forgetAnswer'>,
    context: RequestContext,
    now: number,
    first: Preparation | null = null,
  ): Promise<void> {
    if (this.#request !== null) await this.lastSend.begin(bridge, context, this.#request, now, first);
  }

  /** Lets go of what a closed tab holds in Rust. */
  dispose(bridge: Pick<Bridge, 'cancelSend' | 'forgetAnswer'>): void {
    this.#preview.dispose();
    this.lastSend.dispose(bridge);
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
