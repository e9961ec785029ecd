/** The window as the user arranges it: tabs, what is chosen, what is unfolded, panes. It comes back after a crash. */
import { SvelteMap, SvelteSet } from 'svelte/reactivity';
import type { DeskState, TabState } from '$lib/bridge/types';
import { naturalLayout, type WholeLayout, wholeLayout } from './layout';
import { movedPath } from './items';
import { RequestTab, type TabOrigin } from './requests/request-tab.svelte';

const closedLimit = 20;

export class Desk {
  #tabs = $state.raw<RequestTab[]>([]);
  #activeId = $state<string | null>(null);
  #closed = $state.raw<{ tab: TabState; at: number }[]>([]);
  identity = $state<string | null>(null);
  readonly environments = new SvelteMap<string, string>();
  /** The identity that goes with an environment, by collection and environment. */
  readonly #identities = new SvelteMap<string, string>();
  /** Who was chosen by hand for a collection in the place of the identity that goes with its environment. */
  readonly #byHand = new SvelteMap<string, string>();
  readonly unfolded = new SvelteSet<string>();
  layout = $state<WholeLayout>({ ...naturalLayout });

  get tabs(): RequestTab[] {
    return this.#tabs;
  }

  get active(): RequestTab | null {
    return this.#tabs.find((tab) => tab.id === this.#activeId) ?? null;
  }

  get canReopen(): boolean {
    return this.#closed.length > 0;
  }

  restore(state: DeskState): void {
    this.#tabs = (state.tabs ?? []).map((tab) => new RequestTab(originOf(tab)));
    this.#activeId = state.activeTab ?? this.#tabs[0]?.id ?? null;
    if (!this.active) this.#activeId = this.#tabs[0]?.id ?? null;
    this.identity = state.identity ?? null;
    for (const { collection, environment } of state.environments ?? []) this.environments.set(collection, environment);
    for (const { collection, environment, identity } of state.identities ?? []) {
      this.goWith(collection, environment, identity);
    }
    for (const { collection, path } of state.unfolded ?? []) this.unfolded.add(folderKey(collection, path));
    this.layout = wholeLayout(state.layout ?? {});
  }

  snapshot(): DeskState {
    return {
      tabs: this.#tabs.map((tab) => tab.snapshot()),
      activeTab: this.#activeId,
      identity: this.identity,
      environments: [...this.environments].map(([collection, environment]) => ({ collection, environment })),
      identities: [...this.#identities].map(([key, identity]) => ({ ...environmentOfKey(key), identity })),
      unfolded: [...this.unfolded].map(folderOfKey),
      layout: { ...this.layout },
    };
  }

  open(origin: Omit<TabOrigin, 'id'>): RequestTab {
    const tab = new RequestTab({ ...origin, id: crypto.randomUUID() });
    const at = this.#tabs.findIndex((other) => other.id === this.#activeId);
    this.#tabs = this.#tabs.toSpliced(at < 0 ? this.#tabs.length : at + 1, 0, tab);
    this.#activeId = tab.id;
    return tab;
  }

  find(collection: string, path: string): RequestTab | null {
    return this.#tabs.find((tab) => tab.collection === collection && tab.path === path) ?? null;
  }

  activate(id: string): void {
    if (this.#tabs.some((tab) => tab.id === id)) this.#activeId = id;
  }

  /** Takes a tab away; its neighbour becomes the one that is shown, and it can be reopened with all that was typed. */
  close(tab: RequestTab): void {
    const at = this.#tabs.indexOf(tab);
    if (at < 0) return;
    this.#closed = [...this.#closed, { tab: tab.snapshot(), at }].slice(-closedLimit);
    this.#tabs = this.#tabs.toSpliced(at, 1);
    if (this.#activeId === tab.id) this.#activeId = (this.#tabs[at] ?? this.#tabs[at - 1])?.id ?? null;
  }

  reopen(): RequestTab | null {
    const last = this.#closed.at(-1);
    if (!last) return null;
    this.#closed = this.#closed.slice(0, -1);
    const { collection, path } = last.tab;
    const there = collection !== null && path !== null ? this.find(collection, path) : null;
    if (there) {
      this.#activeId = there.id;
      return there;
    }
    const tab = new RequestTab({ ...originOf(last.tab), id: crypto.randomUUID() });
    this.#tabs = this.#tabs.toSpliced(last.at, 0, tab);
    this.#activeId = tab.id;
    return tab;
  }

  /** Shows the tab so many places to the right, round the end. */
  step(places: number): void {
    const at = this.#tabs.findIndex((tab) => tab.id === this.#activeId);
    const next = this.#tabs[(at + places + this.#tabs.length) % this.#tabs.length];
    if (next) this.#activeId = next.id;
  }

  /** Shows the tab at this place, counted from 0; the last one for 8, as browsers do. */
  show(place: number): void {
    const tab = place === 8 ? this.#tabs.at(-1) : this.#tabs[place];
    if (tab) this.#activeId = tab.id;
  }

  move(tab: RequestTab, to: number): void {
    const at = this.#tabs.indexOf(tab);
    if (at < 0 || to < 0 || to >= this.#tabs.length) return;
    this.#tabs = this.#tabs.toSpliced(at, 1).toSpliced(to, 0, tab);
  }

  isUnfolded(collection: string, path: string): boolean {
    return this.unfolded.has(folderKey(collection, path));
  }

  fold(collection: string, path: string, open: boolean): void {
    if (open) this.unfolded.add(folderKey(collection, path));
    else this.unfolded.delete(folderKey(collection, path));
  }

  /** Gives the identity that goes with an environment; null where the chosen one stays. */
  identityOf(collection: string, environment: string): string | null {
    return this.#identities.get(environmentKey(collection, environment)) ?? null;
  }

  /** Has an identity go with an environment, or none. */
  goWith(collection: string, environment: string, identity: string | null): void {
    const key = environmentKey(collection, environment);
    if (identity === null) this.#identities.delete(key);
    else this.#identities.set(key, identity);
  }

  /** Gives the identity that was chosen by hand for a collection, whatever goes with its environment. */
  byHand(collection: string): string | null {
    return this.#byHand.get(collection) ?? null;
  }

  /** Chooses an identity by hand for a collection; null leaves it to its environment again. */
  chooseByHand(collection: string, identity: string | null): void {
    if (identity === null) this.#byHand.delete(collection);
    else this.#byHand.set(collection, identity);
  }

  /** Follows an environment that was renamed. */
  environmentRenamed(collection: string, from: string, to: string): void {
    if (from === to) return;
    if (this.environments.get(collection) === from) this.environments.set(collection, to);
    this.goWith(collection, to, this.identityOf(collection, from));
    this.goWith(collection, from, null);
  }

  environmentGone(collection: string, environment: string): void {
    if (this.environments.get(collection) === environment) {
      this.environments.delete(collection);
      this.chooseByHand(collection, null);
    }
    this.goWith(collection, environment, null);
  }

  identityGone(identity: string): void {
    if (this.identity === identity) this.identity = null;
    for (const chosen of [this.#identities, this.#byHand]) {
      for (const [key, other] of [...chosen]) if (other === identity) chosen.delete(key);
    }
  }

  /** Follows an item that was renamed or moved. */
  moved(collection: string, from: string, to: string): void {
    for (const tab of this.#tabs) {
      if (tab.collection !== collection) continue;
      const path = tab.path === null ? null : movedPath(tab.path, from, to);
      if (path !== null) {
        tab.path = path;
        tab.listed = false;
      }
      if (tab.path === null) tab.folder = movedPath(tab.folder, from, to) ?? tab.folder;
    }
    for (const key of [...this.unfolded]) {
      const folder = folderOfKey(key);
      const path = folder.collection === collection ? movedPath(folder.path, from, to) : null;
      if (path === null) continue;
      this.unfolded.delete(key);
      this.unfolded.add(folderKey(collection, path));
    }
  }
}

function originOf(tab: TabState): TabOrigin {
  return { id: tab.id, collection: tab.collection, path: tab.path, request: tab.draft, version: tab.version };
}

// No path has a line break in it on the systems that Gatepass runs on.
function folderKey(collection: string, path: string): string {
  return `${collection}\n${path}`;
}

function folderOfKey(key: string): { collection: string; path: string } {
  const [collection = '', path = ''] = key.split('\n');
  return { collection, path };
}

function environmentKey(collection: string, environment: string): string {
  return `${collection}\n${environment}`;
}

function environmentOfKey(key: string): { collection: string; environment: string } {
  const [collection = '', environment = ''] = key.split('\n');
  return { collection, environment };
}
