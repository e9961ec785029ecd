/** What is done with the sandbox, user pools and identities. */
import { SvelteMap } from 'svelte/reactivity';
import { asFailure } from '$lib/bridge/failure';
import type { Failure, IdentityEdit, IdentityView, PoolDraft, SignInEnd, SignInPlace } from '$lib/bridge/types';
import type { App } from './app.svelte';
import { firstRequest } from './items';

/** How somebody signs in. */
export type Way = 'signIn' | 'renew' | 'signInByBrowser';

interface Attempt {
  way: Way;
  choose: boolean;
  since: number;
  end: Promise<SignInEnd | null>;
}

/** Within how many milliseconds two clicks on the same button are one double click. */
const DOUBLE_CLICK = 500;

export class Sessions {
  readonly #app: App;
  /** The sign-in of each identity that was begun here and has not ended; a newer one cancels the former. */
  readonly #attempts = new SvelteMap<string, Attempt>();
  /** How the last sign-in of an identity failed, until a newer session comes. */
  readonly failures = new SvelteMap<string, Failure>();
  /** The session that each identity was seen with last. */
  readonly #seen: Record<string, string | undefined> = {};
  #starting = $state(false);

  constructor(app: App) {
    this.#app = app;
  }

  /** Whether the sandbox is being started. */
  get starting(): boolean {
    return this.#starting;
  }

  /** Whether the identity of a collection belongs to the sandbox, and the sandbox does not run. */
  isSandboxMissing(root: string | null): boolean {
    const { workspace } = this.#app;
    const identity = this.#app.identityFor(root);
    return workspace.sandbox === null && workspace.pool(identity?.pool ?? null)?.sandbox === true;
  }

  /** Takes note of an identity's session: what failed before a newer one does not matter any more. */
  follow(identity: IdentityView): void {
    const session = sessionOf(identity);
    if (session === null || session === this.#seen[identity.id]) return;
    this.#seen[identity.id] = session;
    this.failures.delete(identity.id);
  }

  /** Starts the sandbox; where its collection was not open yet, its first request is shown. */
  async startSandbox(): Promise<void> {
    if (this.#starting) return;
    this.#starting = true;
    const { bridge, workspace, desk, guide } = this.#app;
    const before = workspace.collections.map((collection) => collection.root);
    try {
      const sandbox = await bridge.startSandbox();
      workspace.setSandbox(sandbox);
      const known = before.includes(sandbox.collection) ? workspace.collection(sandbox.collection) : null;
      if (!known) {
        this.#app.adoptCollection(
          workspace.collection(sandbox.collection) ?? (await bridge.openCollection(sandbox.collection)),
        );
      }
      const identity = workspace.identities.find((other) => other.pool === sandbox.pool);
      if (identity && this.#app.identityFor(sandbox.collection) === null) desk.identity = identity.id;
      if (known && desk.active) return;
      guide.begin();
      const collection = workspace.collection(sandbox.collection);
      const first = collection ? firstRequest(collection.items) : null;
      if (first !== null) await this.#app.requests.open(sandbox.collection, first);
    } finally {
      this.#starting = false;
    }
  }

  async stopSandbox(): Promise<void> {
    await this.#app.bridge.stopSandbox();
    this.#app.workspace.setSandbox(null);
    this.#app.guide.dismiss();
  }

  /** Signs an identity in; the first one becomes the chosen one, unless it is for one send only. */
  signIn(identity: string, choose = true): Promise<SignInEnd | null> {
    return this.#attempt(identity, 'signIn', choose);
  }

  signInByBrowser(identity: string, choose = true): Promise<SignInEnd | null> {
    return this.#attempt(identity, 'signInByBrowser', choose);
  }

  renew(identity: string, choose = true): Promise<SignInEnd | null> {
    return this.#attempt(identity, 'renew', choose);
  }

  /** Signs an identity in, as the same user again where its session is over. */
  enter(identity: string): Promise<SignInEnd | null> {
    const state = this.#app.workspace.identity(identity)?.state;
    return state?.kind === 'signedIn' && state.over ? this.renew(identity) : this.signIn(identity);
  }

  /** Opens the form of a sign-in anew where it was, or for the first time. */
  again(identity: string): Promise<SignInEnd | null> {
    const attempt = this.#attempts.get(identity);
    if (attempt) return this.#begin(identity, attempt.way, attempt.choose);
    const isIn = this.#app.workspace.identity(identity)?.state.kind === 'signedIn';
    return isIn ? this.renew(identity) : this.signIn(identity);
  }

  /** Signs an identity in, and answers whether it is in once the form that was opened last is left. */
  async isIn(identity: string, way: Way, choose: boolean): Promise<boolean> {
    let end = await this[way](identity, choose);
    for (let newer = this.#attempts.get(identity); newer; newer = this.#attempts.get(identity)) end = await newer.end;
    return end === 'signedIn';
  }

  /** Gives where an identity signs in: at its pool's place, or by the browser where that is tried. */
  placeOf(identity: string): SignInPlace {
    if (this.#attempts.get(identity)?.way === 'signInByBrowser') return 'browser';
    const { workspace } = this.#app;
    return workspace.pool(workspace.identity(identity)?.pool ?? null)?.facts.place ?? 'window';
  }

  /** Begins an attempt, unless it was begun by the first click of a double click. */
  #attempt(identity: string, way: Way, choose: boolean): Promise<SignInEnd | null> {
    const latest = this.#attempts.get(identity);
    if (latest?.way === way && performance.now() - latest.since < DOUBLE_CLICK) return latest.end;
    return this.#begin(identity, way, choose);
  }

  #begin(identity: string, way: Way, choose: boolean): Promise<SignInEnd | null> {
    const attempt = { way, choose, since: performance.now(), end: this.#enter(identity, way, choose) };
    this.#attempts.set(identity, attempt);
    void attempt.end.then(() => {
      if (this.#attempts.get(identity)?.end === attempt.end) this.#attempts.delete(identity);
    });
    return attempt.end;
  }

  async #enter(identity: string, way: Way, choose: boolean): Promise<SignInEnd | null> {
    const { bridge, desk, guide, hands, workspace } = this.#app;
    const before = workspace.identity(identity);
    if (before) this.follow(before);
    this.failures.delete(identity);
    try {
      const end = await bridge[way](identity);
      const name = workspace.identity(identity)?.name;
      if (end === 'signedIn' && name !== undefined) {
        if (choose) desk.identity ??= identity;
        guide.note('signIn');
        hands.tell?.(`Signed in as ${name}`);
      }
      this.#app.touch();
      return end;
    } catch (error) {
      this.#failed(identity, error);
      return null;
    }
  }

  /** Shows in the identity's own sheet how a sign-in failed, but over no other sheet. */
  #failed(identity: string, error: unknown): void {
    const { sheets, notices, workspace } = this.#app;
    if (!workspace.identity(identity)) {
      notices.fail(error);
      return;
    }
    this.failures.set(identity, asFailure(error));
    const show = () => {
      if (workspace.identity(identity)) sheets.show({ kind: 'identity', identity });
    };
    if (sheets.open === null) show();
    else if (!sheets.isOf(identity)) notices.fail(error, { label: 'Show it', run: show });
  }

  async cancel(identity: string): Promise<void> {
    this.#attempts.delete(identity);
    await this.#app.bridge.cancelSignIn(identity);
  }

  async signOut(identity: string): Promise<void> {
    this.failures.delete(identity);
    this.#app.workspace.putIdentity(await this.#app.bridge.signOut(identity));
    this.#app.touch();
  }

  async update(identity: string, edit: IdentityEdit): Promise<void> {
    this.#app.workspace.putIdentity(await this.#app.bridge.updateIdentity(identity, edit));
  }

  /** Signs an identity out and takes it off the list, once the user has agreed. */
  async remove(identity: string): Promise<void> {
    const { sheets, workspace, bridge, desk } = this.#app;
    const name = workspace.identity(identity)?.name ?? 'this identity';
    const answer = await sheets.ask({
      title: `Remove ${name}?`,
      text: 'It is signed out, and its tokens and cookies are deleted.',
      answers: [
        { id: 'cancel', label: 'Cancel', safe: true },
        { id: 'remove', label: 'Remove', tone: 'danger' },
      ],
    });
    if (answer !== 'remove') return;
    await bridge.removeIdentity(identity);
    if (sheets.isOf(identity)) sheets.close();
    workspace.dropIdentity(identity);
    desk.identityGone(identity);
    this.failures.delete(identity);
  }

  /**
   * Adds or changes a user pool, and keeps its client's secret: null leaves it as it is, an empty one removes it. A new
   * pool gets its first identity, which signs in at once.
   */
  async savePool(pool: string | null, draft: PoolDraft, secret: string | null): Promise<void> {
    const { bridge, workspace } = this.#app;
    const kept = pool === null ? await bridge.addPool(draft) : await bridge.updatePool(pool, draft);
    workspace.putPool(kept);
    for (const identity of this.#of(kept.id)) this.failures.delete(identity.id);
    if (secret !== null) workspace.putPool(await bridge.setClientSecret(kept.id, secret));
    if (pool === null) await this.addIdentity(kept.id, '');
  }

  #of(pool: string): IdentityView[] {
    return this.#app.workspace.identities.filter((identity) => identity.pool === pool);
  }

  /** Removes a user pool with everybody who signs in to it. */
  async removePool(pool: string): Promise<void> {
    const { bridge, workspace, desk, sheets } = this.#app;
    await bridge.removePool(pool);
    sheets.keepPoolDraft(pool, null);
    for (const { id } of this.#of(pool)) {
      desk.identityGone(id);
      this.failures.delete(id);
    }
    workspace.dropPool(pool);
  }

  async addIdentity(pool: string, name: string): Promise<void> {
    const { bridge, workspace, sheets } = this.#app;
    const identity = await bridge.addIdentity(pool, name);
    workspace.putIdentity(identity);
    this.#app.chooseIdentity(identity.id);
    sheets.close();
    void this.signIn(identity.id);
  }

  async unlock(): Promise<void> {
    this.#app.workspace.take(await this.#app.bridge.unlockKeychain());
    this.#app.touch();
  }
}

/** Names a session by the times of its tokens; null where there is none. */
function sessionOf({ state }: IdentityView): string | null {
  if (state.kind !== 'signedIn') return null;
  const { idToken, accessToken } = state.session;
  return [idToken, accessToken].map((token) => `${token?.issuedAt}-${token?.expiresAt}`).join();
}
