/** What is done with requests: opened, saved, closed. */
import { asFailure } from '$lib/bridge/failure';
import type { Answer, Request, RequestContext } from '$lib/bridge/types';
import type { App } from '../app.svelte';
import { folderOf, itemIndex } from '../items';
import type { RequestTab } from './request-tab.svelte';

export class Requests {
  readonly #app: App;

  constructor(app: App) {
    this.#app = app;
  }

  contextOf(tab: RequestTab, sendAs: string | null = null): RequestContext {
    const collection = this.#app.workspace.collection(tab.collection);
    return {
      collection: collection?.root ?? null,
      path: collection ? (tab.path ?? tab.folder) : null,
      environment: this.#app.environmentOf(collection)?.name ?? null,
      identity: this.#app.identityFor(tab.collection)?.id ?? null,
      sendAs,
    };
  }

  /** Shows a saved request: its tab where it has one, else a new one. */
  async open(collection: string, path: string): Promise<RequestTab> {
    const { desk } = this.#app;
    const there = desk.find(collection, path);
    if (there) {
      desk.activate(there.id);
      if (!there.loaded) await this.load(there);
      return there;
    }
    const tab = desk.open({ collection, path });
    await this.load(tab);
    return tab;
  }

  async load(tab: RequestTab): Promise<void> {
    if (tab.collection === null || tab.path === null) return;
    try {
      const opened = await this.#app.bridge.openRequest(tab.collection, tab.path);
      tab.read(opened);
      this.#app.noteListed(tab);
    } catch (error) {
      tab.failed(asFailure(error));
    }
  }

  /** Opens an empty request that belongs to the collection and folder at hand. */
  create(collection?: string, folder?: string): RequestTab {
    const { desk, workspace } = this.#app;
    const active = desk.active;
    const root =
      collection ??
      active?.collection ??
      (workspace.collections.length === 1 ? workspace.collections[0]?.root : null) ??
      null;
    const home = workspace.collection(root);
    const beside = home && active?.collection === root && active.path !== null ? folderOf(home, active.path) : '';
    const tab = desk.open({ collection: root, path: null, folder: folder ?? beside });
    this.#app.later(() => this.#app.hands.focusUrl?.());
    return tab;
  }

  async duplicate(tab: RequestTab): Promise<void> {
    if (tab.request === null) return;
    const { desk, workspace } = this.#app;
    const home = workspace.collection(tab.collection);
    const folder = home && tab.path !== null ? folderOf(home, tab.path) : tab.folder;
    const copy = desk.open({ collection: tab.collection, path: null, folder });
    copy.edit({ ...tab.request, name: tab.request.name ? `${tab.request.name} copy` : '' });
  }

  async save(tab: RequestTab, then: (() => void) | null = null): Promise<void> {
    const request = tab.request;
    const collection = this.#app.workspace.collection(tab.collection);
    if (request === null) return;
    if (tab.path === null || collection === null) {
      this.#app.sheets.show({ kind: 'save', tab, then });
      return;
    }
    if (this.#app.isGone(tab)) {
      await this.saveAs(tab, request.name || tab.title, collection.root, nearestFolder(this.#app, tab));
    } else {
      try {
        await this.#write(tab, collection.root, tab.path, request, false);
      } catch (error) {
        if (asFailure(error).code !== 'fileConflict') throw error;
        await this.load(tab);
        if (tab.theirs || tab.failure) {
          this.#app.later(() => this.#app.hands.focusConflict?.());
          return;
        }
        // Only the order of the files had changed: nothing that the request says.
        await this.#write(tab, collection.root, tab.path, request, false);
      }
    }
    then?.();
  }

  /** Saves as a new file of a collection. */
  async saveAs(tab: RequestTab, name: string, collection: string, folder: string): Promise<void> {
    const request = tab.request;
    if (request === null) return;
    const opened = await this.#app.bridge.createRequest(collection, folder, { ...request, name });
    tab.collection = collection;
    tab.listed = false;
    tab.saved(opened, request);
    this.#app.noteListed(tab);
    this.#app.unfoldTo(collection, opened.path);
    this.#app.guide.note('saved');
  }

  /** Overwrites what another program made of the file. */
  async keepMine(tab: RequestTab): Promise<void> {
    if (tab.request === null || tab.collection === null || tab.path === null) return;
    await this.#write(tab, tab.collection, tab.path, tab.request, true);
  }

  async #write(tab: RequestTab, collection: string, path: string, request: Request, force: boolean): Promise<void> {
    const opened = await this.#app.bridge.saveRequest(collection, path, request, tab.version ?? '', force);
    tab.saved(opened, request);
    this.#app.guide.note('saved');
  }

  /** Closes tabs; asks for each one that holds something unsaved. */
  async close(tabs: RequestTab[]): Promise<void> {
    for (const tab of tabs) {
      if (tab.dirty) {
        this.#app.desk.activate(tab.id);
        const answer = await this.#app.sheets.ask({
          title: `Save “${tab.title}” before closing it?`,
          text: 'The changes are lost otherwise. A closed tab can be reopened until Gatepass is closed.',
          answers: [
            { id: 'discard', label: 'Close without saving', tone: 'danger' },
            { id: 'cancel', label: 'Cancel' },
            { id: 'save', label: 'Save', tone: 'filled', safe: true },
          ],
        });
        if (answer === 'save') {
          await this.save(tab, () => this.#shut(tab));
          if (tab.dirty) return;
          continue;
        }
        if (answer !== 'discard') return;
      }
      this.#shut(tab);
    }
  }

  #shut(tab: RequestTab): void {
    this.#app.desk.close(tab);
    tab.dispose(this.#app.bridge);
  }

  async saveAnswer(tab: RequestTab, answer: Answer): Promise<void> {
    const extension = extensions[answer.exchange.body.mediaType] ?? 'txt';
    const path = await this.#app.bridge.saveAnswer(
      answer.id,
      `${tab.title.replace(/[\\/:*?"<>|]+/g, '-')}.${extension}`,
    );
    if (path !== null) this.#app.notices.say(`Saved as ${path}`);
  }
}

const extensions: Record<string, string> = {
  'application/json': 'json',
  'application/xml': 'xml',
  'text/xml': 'xml',
  'text/html': 'html',
  'text/csv': 'csv',
  'image/png': 'png',
  'image/jpeg': 'jpg',
  'image/svg+xml': 'svg',
  'application/pdf': 'pdf',
  'application/octet-stream': 'bin',
};

function nearestFolder(app: App, tab: RequestTab): string {
  const collection = app.workspace.collection(tab.collection);
  if (!collection || tab.path === null) return '';
  const index = itemIndex(collection);
  const parts = tab.path.split('/').slice(0, -1);
  while (parts.length > 0 && !index.has(parts.join('/'))) parts.pop();
  return parts.join('/');
}
