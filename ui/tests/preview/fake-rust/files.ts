import type { Change, Collection, Environment, Item, OpenedRequest, Request } from '$lib/bridge/types';
import { itemIndex } from '$lib/state/items';
import { collection, requests } from '../data';
import { failure } from './scene';
import { change, insert, remove } from './tree';

/** Collections with their requests, environments and secrets. */
export class FakeFiles {
  protected readonly tell: (change: Change) => void;
  protected collections: Collection[] = [];
  readonly #requests = new Map<string, { request: Request; version: number }>();
  readonly #secrets = new Map<string, string>([['Sandbox\napiKey', 'sandbox-key-0123456789']]);
  #deleted: Collection | null = null;

  constructor(tell: (change: Change) => void) {
    this.tell = tell;
    for (const [path, request] of Object.entries(requests)) this.#requests.set(path, { request, version: 1 });
  }

  #publish(next: Collection, changed: string[] = []): void {
    this.collections = this.collections.map((other) => (other.root === next.root ? next : other));
    this.tell({ kind: 'collection', collection: next, changed });
  }

  protected home(): Collection {
    const home = this.collections[0];
    if (!home) throw failure('unknown', 'There is no collection.');
    return home;
  }

  async createCollection(parent: string, name: string): Promise<Collection> {
    const made: Collection = {
      ...collection,
      name,
      root: `${parent || '/home/ada/.local/share/gatepass'}/${name}`,
      items: [],
      environments: [],
      problems: [],
    };
    this.collections = [...this.collections, made];
    return made;
  }

  async openCollection(): Promise<Collection> {
    return this.home();
  }

  async closeCollection(): Promise<null> {
    return null;
  }

  async openRequest(_collection: string, path: string): Promise<OpenedRequest> {
    const found = this.#requests.get(path);
    if (!found)
      throw failure(
        'fileBroken',
        `${path}, line 12, column 3: a mapping key has no value`,
        'Mend the file in an editor; it is read again at once.',
      );
    return { path, request: found.request, version: String(found.version) };
  }

  async saveRequest(
    _collection: string,
    path: string,
    request: Request,
    version: string,
    force: boolean,
  ): Promise<OpenedRequest> {
    const found = this.#requests.get(path);
    if (found && String(found.version) !== version && !force)
      throw failure('fileConflict', `${path} was changed by another program.`);
    const next = { request, version: (found?.version ?? 0) + 1 };
    this.#requests.set(path, next);
    return { path, request, version: String(next.version) };
  }

  async createRequest(_collection: string, folder: string, request: Request): Promise<OpenedRequest> {
    const path = `${folder ? `${folder}/` : ''}${request.name}.yml`;
    this.#requests.set(path, { request, version: 1 });
    this.#publish(
      insert(
        this.home(),
        folder,
        { kind: 'request', path, name: request.name, method: request.method, url: request.url },
        null,
      ),
    );
    return { path, request, version: '1' };
  }

  async createFolder(_collection: string, folder: string, name: string): Promise<string> {
    const path = `${folder ? `${folder}/` : ''}${name}`;
    this.#publish(
      insert(this.home(), folder, { kind: 'folder', path, name, defaults: collection.defaults, items: [] }, null),
    );
    return path;
  }

  async renameItem(_collection: string, path: string, name: string): Promise<string> {
    const home = this.home();
    if (path === '') this.#publish({ ...home, name });
    else this.#publish(change(home, path, (item) => ({ ...item, name })));
    return path;
  }

  async moveItem(_collection: string, path: string, folder: string, before: string | null): Promise<string> {
    const home = this.home();
    const item = itemIndex(home).get(path)?.item as Item;
    this.#publish(insert(remove(home, path), folder, item, before));
    return path;
  }

  async duplicateItem(_collection: string, path: string): Promise<string> {
    return path;
  }

  async deleteItem(_collection: string, path: string): Promise<null> {
    this.#deleted = this.home();
    this.#publish(remove(this.home(), path));
    return null;
  }

  async undoDelete(): Promise<string> {
    if (this.#deleted) this.#publish(this.#deleted);
    return '';
  }

  async saveDefaults(_collection: string, path: string, defaults: Collection['defaults']): Promise<null> {
    const home = this.home();
    this.#publish(
      path === ''
        ? { ...home, defaults }
        : change(home, path, (item) => (item.kind === 'folder' ? { ...item, defaults } : item)),
    );
    return null;
  }

  async saveEnvironment(_collection: string, former: string | null, environment: Environment): Promise<null> {
    const home = this.home();
    const rest = home.environments.filter((other) => other.name !== former);
    this.#publish({ ...home, environments: [...rest, environment] });
    return null;
  }

  async deleteEnvironment(_collection: string, name: string): Promise<null> {
    const home = this.home();
    this.#publish({ ...home, environments: home.environments.filter((other) => other.name !== name) });
    return null;
  }

  async setSecret(_collection: string, environment: string | null, variable: string, value: string): Promise<null> {
    this.#secrets.set(`${environment ?? ''}\n${variable}`, value);
    return null;
  }

  async revealSecret(_collection: string, environment: string | null, variable: string): Promise<string> {
    return this.#secrets.get(`${environment ?? ''}\n${variable}`) ?? '';
  }
}
