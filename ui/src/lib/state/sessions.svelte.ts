/** What is done with the sandbox, user pools and identities. */
import { SvelteMap } from 'svelte/reactivity';
import { asFailure } from '$lib/bridge/failure';
import type { Failure, IdentityEdit, PoolDraft, SignInEnd } from '$lib/bridge/types';
import type { App } from './app.svelte';
import { firstRequest } from './items';

export class Sessions {
  readonly #app: App;
  /** How the last sign-in of an identity failed. */
  readonly failures = new SvelteMap<string, Failure>();
  #starting = $state(false);

  constructor(app: App) {
    this.#app = app;
  }

  /** Whether the sandbox is being started. */
  get starting(): boolean {
    return this.#starting;
  }

  /** Whether the identity at hand belongs to the sandbox, and the sandbox does not run. */
  get isSandboxMissing(): boolean {
    const { identity, workspace } = this.#app;
    return workspace.sandbox === null && workspace.pool(identity?.pool ?? null)?.sandbox === true;
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
      if (identity && this.#app.identity === null) desk.identity = identity.id;
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
    return this.#enter(identity, () => this.#app.bridge.signIn(identity), choose);
  }

  signInByBrowser(identity: string): Promise<SignInEnd | null> {
    return this.#enter(identity, () => this.#app.bridge.signInByBrowser(identity));
  }

  renew(identity: string): Promise<SignInEnd | null> {
    return this.#enter(identity, () => this.#app.bridge.renew(identity));
  }

  /** Signs an identity in, as the same user again where its session is over. */
  enter(identity: string): Promise<SignInEnd | null> {
    const state = this.#app.workspace.identity(identity)?.state;
    return state?.kind === 'signedIn' && state.over ? this.renew(identity) : this.signIn(identity);
  }

  async #enter(identity: string, enter: () => Promise<SignInEnd>, choose = true): Promise<SignInEnd | null> {
    const { desk, guide, sheets, hands } = this.#app;
    this.failures.delete(identity);
    try {
      const end = await enter();
      if (end === 'signedIn') {
        if (choose) desk.identity ??= identity;
        guide.note('signIn');
        hands.tell?.(`Signed in as ${this.#app.workspace.identity(identity)?.name ?? 'the user'}`);
      }
      this.#app.touch();
      return end;
    } catch (error) {
      this.failures.set(identity, asFailure(error));
      sheets.show({ kind: 'identity', identity });
      return null;
    }
  }

  async cancel(identity: string): Promise<void> {
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
    workspace.dropIdentity(identity);
    desk.identityGone(identity);
  }

  /**
   * Adds or changes a user pool, and keeps its client's secret where one was typed; a new pool gets its first identity,
   * which signs in at once.
   */
  async savePool(pool: string | null, draft: PoolDraft, secret: string): Promise<void> {
    const { bridge, workspace, sheets } = this.#app;
    const kept = pool === null ? await bridge.addPool(draft) : await bridge.updatePool(pool, draft);
    workspace.putPool(kept);
    if (secret !== '') workspace.putPool(await bridge.setClientSecret(kept.id, secret));
    if (pool === null) await this.addIdentity(kept.id, '');
    else sheets.close();
  }

  async forgetClientSecret(pool: string): Promise<void> {
    this.#app.workspace.putPool(await this.#app.bridge.setClientSecret(pool, ''));
  }

  /** Removes a user pool with everybody who signs in to it. */
  async removePool(pool: string): Promise<void> {
    const { bridge, workspace, desk } = this.#app;
    await bridge.removePool(pool);
    for (const identity of workspace.identities) if (identity.pool === pool) desk.identityGone(identity.id);
    workspace.dropPool(pool);
  }

  async addIdentity(pool: string, name: string): Promise<void> {
    const { bridge, workspace, sheets, desk } = this.#app;
    const identity = await bridge.addIdentity(pool, name);
    workspace.putIdentity(identity);
    desk.identity = identity.id;
    sheets.close();
    void this.signIn(identity.id);
  }

  async unlock(): Promise<void> {
    this.#app.workspace.take(await this.#app.bridge.unlockKeychain());
    this.#app.touch();
  }
}
