/** What Rust has told: collections, pools, identities, keychain, sandbox. Only Rust changes it. */
import type {
  Change,
  Collection,
  IdentityView,
  KeychainView,
  LostCollection,
  PoolView,
  SandboxView,
  Startup,
} from '$lib/bridge/types';
import type { Platform } from './actions/keys';

export class Workspace {
  #collections = $state.raw<Collection[]>([]);
  #lost = $state.raw<LostCollection[]>([]);
  #pools = $state.raw<PoolView[]>([]);
  #identities = $state.raw<IdentityView[]>([]);
  #keychain = $state.raw<KeychainView>({ kind: 'unlocked' });
  #sandbox = $state.raw<SandboxView | null>(null);
  #version = $state('');
  #platform = $state<Platform>(guessPlatform());
  #started = $state(false);

  get collections(): Collection[] {
    return this.#collections;
  }

  get lost(): LostCollection[] {
    return this.#lost;
  }

  get pools(): PoolView[] {
    return this.#pools;
  }

  get identities(): IdentityView[] {
    return this.#identities;
  }

  get keychain(): KeychainView {
    return this.#keychain;
  }

  get sandbox(): SandboxView | null {
    return this.#sandbox;
  }

  get version(): string {
    return this.#version;
  }

  get platform(): Platform {
    return this.#platform;
  }

  get started(): boolean {
    return this.#started;
  }

  take(startup: Startup): void {
    this.#collections = startup.collections;
    this.#lost = startup.lostCollections;
    this.#pools = startup.pools;
    this.#identities = startup.identities;
    this.#keychain = startup.keychain;
    this.#sandbox = startup.sandbox;
    this.#version = startup.version;
    if (startup.platform === 'mac' || startup.platform === 'windows' || startup.platform === 'linux') {
      this.#platform = startup.platform;
    }
    this.#started = true;
  }

  apply(change: Change): void {
    switch (change.kind) {
      case 'identity':
        this.putIdentity(change.identity);
        break;
      case 'pool':
        this.putPool(change.pool);
        break;
      case 'collection':
        this.putCollection(change.collection);
        break;
      case 'keychain':
        this.#keychain = change.keychain;
        break;
      case 'sandbox':
        this.#sandbox = change.sandbox;
        break;
      case 'sendWaits':
        // Of a send, which is a tab's.
        break;
      default:
        change satisfies never;
    }
  }

  collection(root: string | null): Collection | null {
    return root === null ? null : (this.#collections.find((collection) => collection.root === root) ?? null);
  }

  identity(id: string | null): IdentityView | null {
    return id === null ? null : (this.#identities.find((identity) => identity.id === id) ?? null);
  }

  pool(id: string | null): PoolView | null {
    return id === null ? null : (this.#pools.find((pool) => pool.id === id) ?? null);
  }

  putCollection(collection: Collection): void {
    this.#collections = put(this.#collections, collection, (other) => other.root === collection.root);
    this.#lost = this.#lost.filter((lost) => lost.root !== collection.root);
  }

  dropCollection(root: string): void {
    this.#collections = this.#collections.filter((collection) => collection.root !== root);
    this.#lost = this.#lost.filter((lost) => lost.root !== root);
  }

  putPool(pool: PoolView): void {
    this.#pools = put(this.#pools, pool, (other) => other.id === pool.id);
  }

  dropPool(id: string): void {
    this.#pools = this.#pools.filter((pool) => pool.id !== id);
    this.#identities = this.#identities.filter((identity) => identity.pool !== id);
  }

  putIdentity(identity: IdentityView): void {
    this.#identities = put(this.#identities, identity, (other) => other.id === identity.id);
  }

  dropIdentity(id: string): void {
    this.#identities = this.#identities.filter((identity) => identity.id !== id);
  }

  setSandbox(sandbox: SandboxView | null): void {
    this.#sandbox = sandbox;
  }
}

function put<T>(list: T[], item: T, isIt: (other: T) => boolean): T[] {
  return list.some(isIt) ? list.map((other) => (isIt(other) ? item : other)) : [...list, item];
}

function guessPlatform(): Platform {
  const agent = navigator.userAgent;
  if (agent.includes('Mac')) return 'mac';
  return agent.includes('Windows') ? 'windows' : 'linux';
}
