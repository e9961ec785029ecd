/** The window's state as a whole, and the arrows between its parts. */
import { getContext, setContext, tick } from 'svelte';
import type { Bridge } from '$lib/bridge/bridge';
import type { Change, Collection, Environment, IdentityView, Startup } from '$lib/bridge/types';
import type { SectionId } from '$lib/features/request/facts';
import { Actions } from './actions/actions';
import { deeds } from './actions/deeds';
import { Desk } from './desk.svelte';
import { Guide } from './guide.svelte';
import { ancestors, itemIndex } from './items';
import { Notices } from './notices.svelte';
import type { RequestTab } from './requests/request-tab.svelte';
import { Requests } from './requests/requests';
import { Sends } from './requests/sends';
import { Sessions } from './sessions.svelte';
import { Sheets } from './sheets.svelte';
import { TreeEdits } from './tree-edits';
import { Workspace } from './workspace.svelte';

/** What only a component on the screen can do; absent while it is not there. */
export interface Hands {
  focusUrl?: () => void;
  focusConflict?: () => void;
  focusTree?: () => void;
  openFind?: () => void;
  openEnvironmentMenu?: () => void;
  openIdentityMenu?: () => void;
  openSendAs?: () => void;
  selectInTree?: (collection: string, path: string) => void;
  renameInTree?: (collection: string, path: string) => void;
  /** Tells a screen reader. */
  tell?: (text: string) => void;
}

export class App {
  readonly bridge: Bridge;
  readonly workspace = new Workspace();
  readonly desk = new Desk();
  readonly notices = new Notices();
  readonly sheets = new Sheets();
  readonly guide = new Guide();
  readonly requests = new Requests(this);
  readonly sends = new Sends(this);
  readonly sessions = new Sessions(this);
  readonly tree = new TreeEdits(this);
  readonly hands: Hands = {};
  readonly actions: Actions;
  #touched = $state(0);

  constructor(bridge: Bridge) {
    this.bridge = bridge;
    this.actions = new Actions(
      deeds(this),
      () => this.workspace.platform,
      (error) => this.notices.fail(error),
    );
  }

  /** Changes whenever something that Rust alone knows may have changed what would go out. */
  get touched(): number {
    return this.#touched;
  }

  touch(): void {
    this.#touched += 1;
  }

  begin(startup: Startup): void {
    this.workspace.take(startup);
    this.desk.restore(startup.desk);
    for (const tab of this.desk.tabs) this.noteListed(tab);
  }

  apply(change: Change): void {
    this.workspace.apply(change);
    if (change.kind === 'sendWaits') {
      this.#wait(change.send, change.identity, change.signIn);
      return;
    }
    if (change.kind === 'identity') {
      this.sessions.follow(change.identity);
      this.#goOn(change.identity);
    }
    if (change.kind === 'collection') this.#follow(change.collection, change.changed);
    this.touch();
  }

  #wait(send: number, identity: string, signIn: boolean): void {
    const tab = this.desk.tabs.find((other) => other.lastSend.waits(send, identity, signIn));
    if (!tab || !signIn || tab === this.desk.active) return;
    const name = this.workspace.identity(identity)?.name ?? 'the user';
    this.notices.warn(`“${tab.title}” waits: ${name}’s session is over`, '', {
      label: 'Show it',
      run: () => this.desk.activate(tab.id),
    });
  }

  /** Sends that waited for an identity's token go on when it is there. */
  #goOn(identity: IdentityView): void {
    const { state } = identity;
    if (state.kind !== 'signedIn' || state.renewing || state.over) return;
    for (const tab of this.desk.tabs) if (tab.lastSend.waitsFor === identity.id) tab.lastSend.goesOn();
  }

  #follow(collection: Collection, changed: string[]): void {
    for (const tab of this.desk.tabs) {
      if (tab.collection !== collection.root || tab.path === null) continue;
      this.noteListed(tab);
      if (tab.loaded && changed.includes(tab.path) && !this.isGone(tab)) void this.requests.load(tab);
    }
  }

  /** Remembers that a tab's file has been seen in its collection. */
  noteListed(tab: RequestTab): void {
    const collection = this.workspace.collection(tab.collection);
    if (collection && tab.path !== null && itemIndex(collection).has(tab.path)) tab.listed = true;
  }

  /** Whether another program took the tab's file away. */
  isGone(tab: RequestTab): boolean {
    const collection = this.workspace.collection(tab.collection);
    return tab.listed && tab.path !== null && collection !== null && !itemIndex(collection).has(tab.path);
  }

  /** Gives a tab's words: those of the tree as long as its file was not read. */
  labelOf(tab: RequestTab): { method: string; title: string } {
    const collection = this.workspace.collection(tab.collection);
    const item = collection && tab.path !== null ? itemIndex(collection).get(tab.path)?.item : undefined;
    if (tab.request !== null || item?.kind !== 'request') return { method: tab.method, title: tab.title };
    return { method: item.method, title: item.name };
  }

  /** The identity in the title bar: whoever signs in for what is shown. */
  get identity(): IdentityView | null {
    return this.identityFor(this.#root);
  }

  /**
   * Gives who signs in for a collection: whoever was chosen for it by hand, else who goes with its environment, else
   * who is chosen for all. Where none was chosen it is the only one.
   */
  identityFor(root: string | null): IdentityView | null {
    const { workspace, desk } = this;
    const { identities } = workspace;
    const only = identities.length === 1 ? (identities[0] ?? null) : null;
    const own = root === null ? null : (workspace.identity(desk.byHand(root)) ?? this.#identityOfEnvironment(root));
    return own ?? workspace.identity(desk.identity) ?? only;
  }

  /** Gives who goes with an environment; null where that is left to whoever is chosen. */
  identityWith(root: string, environment: string): IdentityView | null {
    return this.workspace.identity(this.desk.identityOf(root, environment));
  }

  #identityOfEnvironment(root: string): IdentityView | null {
    const environment = this.environmentOf(this.workspace.collection(root));
    return environment && this.identityWith(root, environment.name);
  }

  /** Chooses an identity by hand: instead of the one that goes with the environment at hand, else for all. */
  chooseIdentity(id: string): void {
    const root = this.#root;
    const bound = root === null ? null : this.#identityOfEnvironment(root);
    if (root !== null) this.desk.chooseByHand(root, bound === null || bound.id === id ? null : id);
    if (bound === null) this.desk.identity = id;
  }

  /** The root of the collection that is shown; null for a request that is in none. */
  get #root(): string | null {
    const { active } = this.desk;
    return active ? active.collection : (this.collection?.root ?? null);
  }

  /** The collection that the window is about: the one of the tab shown, or the only one. */
  get collection(): Collection | null {
    const { collections } = this.workspace;
    const own = this.workspace.collection(this.desk.active?.collection ?? null);
    return own ?? (collections.length === 1 ? (collections[0] ?? null) : null);
  }

  /** Chooses an environment, and with it the identity that goes with it. */
  chooseEnvironment(root: string, name: string | null): void {
    const { desk } = this;
    const before = this.identityFor(root);
    desk.chooseByHand(root, null);
    if (name === null) desk.environments.delete(root);
    else desk.environments.set(root, name);
    const identity = this.identityFor(root);
    if (identity && identity.id !== before?.id) {
      this.hands.tell?.(`${name ?? 'No environment'}: signs in as ${identity.name}`);
    }
  }

  environmentOf(collection: Collection | null): Environment | null {
    if (!collection) return null;
    const name = this.desk.environments.get(collection.root);
    return collection.environments.find((environment) => environment.name === name) ?? null;
  }

  /** Shows a collection that was just opened or made. */
  adoptCollection(collection: Collection): void {
    this.workspace.putCollection(collection);
    this.desk.fold(collection.root, '', true);
    const only = collection.environments.length === 1 ? collection.environments[0] : undefined;
    if (only && !this.desk.environments.has(collection.root)) this.chooseEnvironment(collection.root, only.name);
  }

  /** Unfolds every folder above an item. */
  unfoldTo(root: string, path: string): void {
    const collection = this.workspace.collection(root);
    if (!collection) return;
    const parts = path.split('/').slice(0, -1);
    const above = itemIndex(collection).has(path)
      ? ancestors(collection, path)
      : ['', ...parts.map((_, at) => parts.slice(0, at + 1).join('/'))];
    for (const folder of above) this.desk.fold(root, folder, true);
  }

  showSection(tab: RequestTab, section: SectionId): void {
    this.desk.activate(tab.id);
    tab.section = section;
  }

  editEnvironments(root: string | null): void {
    const collection = this.workspace.collection(root) ?? this.collection;
    if (!collection) return;
    const name = this.environmentOf(collection)?.name ?? null;
    this.sheets.show({ kind: 'environments', collection: collection.root, name });
  }

  /** Begins a sign-in: of the chosen identity, or by way of a new pool. */
  startSignIn(): void {
    if (this.identity?.state.kind === 'locked') this.attempt(() => this.sessions.unlock());
    else if (this.identity) void this.sessions.enter(this.identity.id);
    else if (this.workspace.identities.length > 0) this.hands.openIdentityMenu?.();
    else this.addIdentity();
  }

  /** Begins with another identity: of a pool that is there, or of a new one. */
  addIdentity(): void {
    if (this.workspace.pools.length > 0) this.sheets.show({ kind: 'addIdentity' });
    else this.sheets.show({ kind: 'connectPool', pool: null });
  }

  /** Does something whose failure has no better place than a notice. */
  attempt(deed: () => unknown): void {
    Promise.resolve()
      .then(deed)
      .catch((error: unknown) => this.notices.fail(error));
  }

  /** Does something once the screen shows the state as it is now. */
  later(deed: () => void): void {
    void tick().then(deed);
  }
}

const key = Symbol('app');

export function provideApp(app: App): App {
  return setContext(key, app);
}

export function useApp(): App {
  return getContext<App>(key);
}
