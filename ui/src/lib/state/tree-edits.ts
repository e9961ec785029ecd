/** What is done with collections, folders and the files in them. */
import type { Defaults, Environment } from '$lib/bridge/types';
import type { App } from './app.svelte';
import { blankRequest } from './requests/blank';
import { itemIndex } from './items';

export class TreeEdits {
  readonly #app: App;
  #undo: number | null = null;

  constructor(app: App) {
    this.#app = app;
  }

  async createCollection(parent: string, name: string): Promise<string> {
    const collection = await this.#app.bridge.createCollection(parent, name);
    this.#app.adoptCollection(collection);
    return collection.root;
  }

  async chooseAndOpen(): Promise<void> {
    const root = await this.#app.bridge.chooseFolder('Open a collection');
    if (root !== null) this.#app.adoptCollection(await this.#app.bridge.openCollection(root));
  }

  async reopen(root: string): Promise<void> {
    this.#app.adoptCollection(await this.#app.bridge.openCollection(root));
  }

  /** Takes a collection off the list; what was typed in its tabs stays, without a file. */
  async closeCollection(root: string): Promise<void> {
    await this.#app.bridge.closeCollection(root);
    this.#app.workspace.dropCollection(root);
    const { desk, bridge } = this.#app;
    for (const tab of desk.tabs.filter((other) => other.collection === root)) {
      if (tab.dirty) {
        tab.collection = null;
        tab.detach();
      } else {
        desk.close(tab);
        tab.dispose(bridge);
      }
    }
  }

  async createRequest(collection: string, folder: string, name: string): Promise<void> {
    const opened = await this.#app.bridge.createRequest(collection, folder, { ...blankRequest(), name });
    this.#app.unfoldTo(collection, opened.path);
    await this.#app.requests.open(collection, opened.path);
    this.#app.later(() => this.#app.hands.focusUrl?.());
  }

  async createFolder(collection: string, folder: string, name: string): Promise<void> {
    const path = await this.#app.bridge.createFolder(collection, folder, name);
    this.#app.unfoldTo(collection, path);
    this.#app.hands.selectInTree?.(collection, path);
  }

  async rename(collection: string, path: string, name: string): Promise<void> {
    const to = await this.#app.bridge.renameItem(collection, path, name);
    if (path === '') return;
    this.#app.desk.moved(collection, path, to);
    const tab = this.#app.desk.find(collection, to);
    if (tab) {
      tab.rename(name);
      await this.#app.requests.load(tab);
    }
    this.#app.hands.selectInTree?.(collection, to);
  }

  async move(collection: string, path: string, folder: string, before: string | null): Promise<void> {
    const to = await this.#app.bridge.moveItem(collection, path, folder, before);
    this.#app.desk.moved(collection, path, to);
    this.#app.unfoldTo(collection, to);
    this.#app.hands.selectInTree?.(collection, to);
    const where = folder === '' ? this.#app.workspace.collection(collection)?.name : folder;
    this.#app.hands.tell?.(`Moved to ${where ?? folder}`);
  }

  /** Moves an item one place up or down among its siblings. */
  async shift(collection: string, path: string, places: 1 | -1): Promise<void> {
    const home = this.#app.workspace.collection(collection);
    const found = home ? itemIndex(home).get(path) : undefined;
    if (!found) return;
    const target = found.at + places;
    if (target < 0 || target >= found.siblings.length) return;
    const before = found.siblings[places === 1 ? target + 1 : target]?.path ?? null;
    await this.move(collection, path, found.folder, before);
    this.#app.hands.tell?.(`Moved to place ${target + 1} of ${found.siblings.length}`);
  }

  async duplicate(collection: string, path: string): Promise<void> {
    const to = await this.#app.bridge.duplicateItem(collection, path);
    this.#app.hands.selectInTree?.(collection, to);
    if (this.#isFile(to)) await this.#app.requests.open(collection, to);
  }

  #isFile(path: string): boolean {
    return /\.ya?ml$/.test(path);
  }

  /** Deletes, with a way back for a while; tabs with unsaved work in them stay. */
  async remove(collection: string, path: string): Promise<void> {
    const { desk, bridge, notices, workspace } = this.#app;
    const home = workspace.collection(collection);
    const name = (home && itemIndex(home).get(path)?.item.name) ?? path;
    await bridge.deleteItem(collection, path);
    const inside = desk.tabs.filter(
      (tab) => tab.collection === collection && tab.path !== null && covers(path, tab.path),
    );
    const closed = inside.filter((tab) => !tab.dirty);
    const paths = closed.map((tab) => tab.path).filter((file) => file !== null);
    for (const tab of closed) {
      desk.close(tab);
      tab.dispose(bridge);
    }
    // Only what was deleted last can be brought back.
    if (this.#undo !== null) notices.dismiss(this.#undo);
    this.#undo = notices.say(`Deleted “${name}”`, {
      label: 'Undo',
      run: () =>
        this.#app.attempt(async () => {
          const back = await bridge.undoDelete(collection);
          this.#app.unfoldTo(collection, back);
          this.#app.hands.selectInTree?.(collection, back);
          for (const file of paths) await this.#app.requests.open(collection, file);
        }),
    });
  }

  async saveDefaults(collection: string, path: string, defaults: Defaults): Promise<void> {
    await this.#app.bridge.saveDefaults(collection, path, defaults);
  }

  /** Saves an environment; what is chosen with it follows its name. */
  async saveEnvironment(collection: string, former: string | null, environment: Environment): Promise<void> {
    const { bridge, desk } = this.#app;
    await bridge.saveEnvironment(collection, former, environment);
    if (former !== null) desk.environmentRenamed(collection, former, environment.name);
    this.#app.touch();
  }

  /** Keeps the secrets that were typed for an environment. */
  async storeSecrets(
    collection: string,
    environment: string,
    secrets: { variable: string; value: string }[],
  ): Promise<void> {
    for (const { variable, value } of secrets) {
      await this.#app.bridge.setSecret(collection, environment, variable, value);
    }
    this.#app.touch();
  }

  async removeEnvironment(collection: string, name: string): Promise<void> {
    await this.#app.bridge.deleteEnvironment(collection, name);
    this.#app.desk.environmentGone(collection, name);
  }
}

function covers(path: string, file: string): boolean {
  return file === path || file.startsWith(`${path}/`);
}
