/** A pretended Rust, as far as the window can tell: it keeps everything in memory and makes nothing up twice. */
import type { Bridge } from '$lib/bridge/bridge';
import type {
  Answer,
  Change,
  Collection,
  Environment,
  Failure,
  GrantOffers,
  IdentityEdit,
  IdentityView,
  InspectedToken,
  Item,
  OpenedRequest,
  PoolDraft,
  PoolView,
  Preview,
  Request,
  RequestContext,
  SandboxView,
  SendEnd,
  SignInEnd,
  Startup,
} from '$lib/bridge/types';
import { itemIndex } from '$lib/state/items';
import {
  answer,
  billing,
  collection,
  identities,
  inspected,
  machine,
  over,
  pool,
  promoted,
  requests,
  root,
  signedIn,
} from './data';

type Commands = Omit<Bridge, 'onChange' | 'answerLines' | 'setZoom'>;

const scene = new URLSearchParams(location.search);

export class FakeRust implements Commands {
  readonly #tell: (change: Change) => void;
  readonly #requests = new Map<string, { request: Request; version: number }>();
  readonly #secrets = new Map<string, string>([['Sandbox\napiKey', 'sandbox-key-0123456789']]);
  #collections: Collection[] = [];
  #pools: PoolView[] = [];
  #identities: IdentityView[] = [];
  #sandbox: SandboxView | null = null;
  #answers = 0;
  #body = '';
  #deleted: { collection: Collection } | null = null;
  readonly #waiting: (() => void)[] = [];
  readonly #forms = new Map<string, () => void>();

  constructor(tell: (change: Change) => void) {
    this.#tell = tell;
    for (const [path, request] of Object.entries(requests)) this.#requests.set(path, { request, version: 1 });
    if (scene.get('scene') !== 'welcome') this.#fill();
  }

  #fill(): void {
    this.#collections = [scene.has('many') ? many() : collection];
    this.#pools = [scene.has('browser') ? { ...pool, facts: { ...pool.facts, place: 'browser' } } : pool];
    this.#identities = identities;
    if (scene.has('many-identities')) {
      this.#pools = [pool, billing];
      this.#identities = [...identities, machine()];
    }
    if (scene.has('over')) this.#identities = [over(signedIn('ada', 'ada', 0, -3)), ...this.#identities.slice(1)];
    if (scene.has('changed')) {
      this.#identities = [promoted(signedIn('ada', 'ada', 0, 54)), ...this.#identities.slice(1)];
    }
    this.#sandbox = {
      address: '127.0.0.1:41873',
      invokeUrl: 'http://127.0.0.1:41873/dev',
      pool: pool.id,
      collection: root,
      users: [{ username: 'ada', password: 'Sandbox-1', temporary: true }],
    };
  }

  #publish(next: Collection, changed: string[] = []): void {
    this.#collections = this.#collections.map((other) => (other.root === next.root ? next : other));
    this.#tell({ kind: 'collection', collection: next, changed });
  }

  #home(): Collection {
    const home = this.#collections[0];
    if (!home) throw failure('unknown', 'There is no collection.');
    return home;
  }

  async start(): Promise<Startup> {
    const tab = (path: string, draft: Request | null) => ({
      id: `t-${path.replace(/\W/g, '')}`,
      collection: root,
      path,
      draft,
      version: draft ? '1' : null,
    });
    const order = requests['orders/Place an order.yml'] as Request;
    const open = scene.get('scene') !== 'welcome' && scene.get('scene') !== 'none';
    return {
      version: '0.1.0',
      platform: 'linux',
      collections: this.#collections,
      lostCollections: [],
      pools: this.#pools,
      identities: this.#identities,
      keychain: scene.has('nokeychain')
        ? { kind: 'sessionOnly', reason: 'no secret service answers' }
        : { kind: 'unlocked' },
      sandbox: this.#sandbox,
      desk: {
        tabs: open
          ? [tab('List pets.yml', null), tab('orders/Place an order.yml', { ...order, url: `${order.url}?dry=1` })]
          : [],
        activeTab: 't-Listpetsyml',
        identity: open ? 'ada' : null,
        environments: open ? [{ collection: root, environment: 'Sandbox' }] : [],
        unfolded: ['', 'orders'].map((path) => ({ collection: root, path })),
        layout: { theme: (scene.get('theme') as 'dark' | 'light' | null) ?? 'light', stacked: scene.has('stacked') },
      },
    };
  }

  async mark(): Promise<null> {
    return null;
  }

  async saveDesk(): Promise<null> {
    return null;
  }

  async readHostedUiAddress(text: string): Promise<PoolDraft> {
    if (!/[.:]/.test(text))
      throw failure('addressInvalid', `“${text}” is no address.`, 'Paste the address of the sign-in page.');
    return {
      ...pool.facts,
      name: '',
      domain: text.replace(/\/login.*/, ''),
      remarks: [],
    };
  }

  async offeredGrants(): Promise<GrantOffers> {
    return {
      code: { kind: 'open' },
      implicit: {
        kind: 'refused',
        why: 'The app client does not have the implicit grant: App client → Login pages → OAuth 2.0 grant types.',
      },
      proposed: 'code',
      why: 'The tokens never travel in an address, and a refresh token comes with them.',
    };
  }

  async discoverProvider(draft: PoolDraft): Promise<PoolDraft> {
    const issuer = draft.issuer ?? '';
    if (!issuer.startsWith('https://')) throw failure('addressInvalid', `“${issuer}” is no issuer.`);
    return {
      ...draft,
      provider: 'openId',
      domain: issuer,
      endpoints: {
        authorization: `${issuer}/authorize`,
        token: `${issuer}/token`,
        jwks: `${issuer}/jwks`,
        logout: `${issuer}/logout`,
        revocation: `${issuer}/revoke`,
      },
    };
  }

  async offeredScopes(): Promise<string[]> {
    return ['openid', 'email', 'profile', 'phone', 'aws.cognito.signin.user.admin', 'petstore/read', 'petstore/write'];
  }

  async setClientSecret(id: string, value: string): Promise<PoolView> {
    const view = { ...(this.#pools.find((other) => other.id === id) ?? pool), clientSecret: value !== '' };
    this.#pools = this.#pools.map((other) => (other.id === id ? view : other));
    return view;
  }

  async inspectToken(token: string, of: string | null): Promise<InspectedToken> {
    if (token.split('.').length !== 3) {
      throw failure(
        'tokenRefused',
        'This is no token: it has no three parts.',
        'Paste the whole token: three parts with dots.',
      );
    }
    return inspected(of);
  }

  async addPool(draft: PoolDraft): Promise<PoolView> {
    const made: PoolView = {
      ...pool,
      id: `pool-${this.#pools.length}`,
      facts: draft,
      sandbox: false,
      issuer: null,
      learned: true,
    };
    this.#pools = [...this.#pools, made];
    return made;
  }

  async updatePool(id: string, draft: PoolDraft): Promise<PoolView> {
    return { ...pool, id, facts: draft };
  }

  async removePool(): Promise<null> {
    return null;
  }

  async addIdentity(of: string, name: string): Promise<IdentityView> {
    const made: IdentityView = {
      id: `who-${this.#identities.length}`,
      name: name || 'new',
      ownName: name,
      colour: 3,
      pool: of,
      options: {},
      keepSession: true,
      state: { kind: 'signedOut' },
    };
    this.#identities = [...this.#identities, made];
    return made;
  }

  async updateIdentity(identity: string, edit: IdentityEdit): Promise<IdentityView> {
    const old = this.#identities.find((other) => other.id === identity) as IdentityView;
    return this.#put({
      ...old,
      name: edit.name || old.name,
      ownName: edit.name ?? '',
      colour: edit.colour ?? old.colour,
      options: edit.options ?? {},
      keepSession: edit.keepSession ?? false,
    });
  }

  async removeIdentity(): Promise<null> {
    return null;
  }

  #put(identity: IdentityView): IdentityView {
    this.#identities = this.#identities.map((other) => (other.id === identity.id ? identity : other));
    this.#tell({ kind: 'identity', identity });
    return identity;
  }

  async signIn(identity: string): Promise<SignInEnd> {
    const old = this.#identities.find((other) => other.id === identity) as IdentityView;
    if (scene.has('refuse')) {
      throw failure(
        'signInRefused',
        'The user pool does not know the callback https://example.com/callback.',
        'Register exactly this URL at the app client.',
      );
    }
    if (scene.has('google')) {
      throw failure(
        'providerRefusesWindow',
        'accounts.google.com does not let anybody sign in inside an app’s window.',
        'Sign in in the browser. It comes back to http://localhost:4180/callback, which has to be http on this machine with a port.',
      );
    }
    if (scene.has('form') && (await this.#atTheForm(old)) === 'cancelled') return 'cancelled';
    this.#put({ ...signedIn(old.id, old.name, old.colour, 59), pool: old.pool });
    for (const go of this.#waiting.splice(0)) go();
    return 'signedIn';
  }

  /** Leaves the form open until the sign-in is cancelled. */
  #atTheForm(identity: IdentityView): Promise<SignInEnd> {
    const { state } = identity;
    this.#put({ ...identity, state: state.kind === 'signedIn' ? { ...state, renewing: true } : { kind: 'signingIn' } });
    return new Promise((resolve) => {
      this.#forms.set(identity.id, () => {
        this.#put(identity);
        resolve('cancelled');
      });
    });
  }

  signInByBrowser(identity: string): Promise<SignInEnd> {
    return this.signIn(identity);
  }

  renew(identity: string): Promise<SignInEnd> {
    return this.signIn(identity);
  }

  async cancelSignIn(identity: string): Promise<null> {
    this.#forms.get(identity)?.();
    this.#forms.delete(identity);
    return null;
  }

  async signOut(identity: string): Promise<IdentityView> {
    const old = this.#identities.find((other) => other.id === identity) as IdentityView;
    return this.#put({ ...old, state: { kind: 'signedOut' } });
  }

  async revealToken(): Promise<string> {
    return 'eyJraWQiOiI5a1FtM3RCMWMwPSIsImFsZyI6IlJTMjU2In0.preview.preview';
  }

  async copyToken(): Promise<null> {
    return null;
  }

  unlockKeychain(): Promise<Startup> {
    return this.start();
  }

  async startSandbox(): Promise<SandboxView> {
    this.#fill();
    this.#identities = [{ ...(identities[2] as IdentityView), name: 'sandbox user' }];
    this.#tell({ kind: 'pool', pool });
    this.#tell({ kind: 'identity', identity: this.#identities[0] as IdentityView });
    this.#tell({ kind: 'collection', collection: this.#home(), changed: [] });
    return this.#sandbox as SandboxView;
  }

  async stopSandbox(): Promise<null> {
    return null;
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
    this.#collections = [...this.#collections, made];
    return made;
  }

  async openCollection(): Promise<Collection> {
    return this.#home();
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
        this.#home(),
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
      insert(this.#home(), folder, { kind: 'folder', path, name, defaults: collection.defaults, items: [] }, null),
    );
    return path;
  }

  async renameItem(_collection: string, path: string, name: string): Promise<string> {
    const home = this.#home();
    if (path === '') this.#publish({ ...home, name });
    else this.#publish(change(home, path, (item) => ({ ...item, name })));
    return path;
  }

  async moveItem(_collection: string, path: string, folder: string, before: string | null): Promise<string> {
    const home = this.#home();
    const item = itemIndex(home).get(path)?.item as Item;
    this.#publish(insert(remove(home, path), folder, item, before));
    return path;
  }

  async duplicateItem(_collection: string, path: string): Promise<string> {
    return path;
  }

  async deleteItem(_collection: string, path: string): Promise<null> {
    this.#deleted = { collection: this.#home() };
    this.#publish(remove(this.#home(), path));
    return null;
  }

  async undoDelete(): Promise<string> {
    if (this.#deleted) this.#publish(this.#deleted.collection);
    return '';
  }

  async saveDefaults(_collection: string, path: string, defaults: Collection['defaults']): Promise<null> {
    const home = this.#home();
    this.#publish(
      path === ''
        ? { ...home, defaults }
        : change(home, path, (item) => (item.kind === 'folder' ? { ...item, defaults } : item)),
    );
    return null;
  }

  async saveEnvironment(_collection: string, former: string | null, environment: Environment): Promise<null> {
    const home = this.#home();
    const rest = home.environments.filter((other) => other.name !== former);
    this.#publish({ ...home, environments: [...rest, environment] });
    return null;
  }

  async deleteEnvironment(_collection: string, name: string): Promise<null> {
    const home = this.#home();
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

  async preview(context: RequestContext, request: Request): Promise<Preview> {
    const above = collection.defaults.auth;
    const token = request.auth.token.mode === 'inherit' ? above.token : request.auth.token;
    const apiKey = request.auth.apiKey.mode === 'inherit' ? above.apiKey : request.auth.apiKey;
    const who = this.#identities.find((other) => other.id === context.identity);
    const passes: Preview['passes'] = [];
    if (token.mode === 'send') {
      const warning = who?.state.kind === 'signedIn' ? null : 'nobody is signed in';
      passes.push({
        header: token.header,
        carries: `${token.token === 'id' ? 'ID' : 'Access'} token of ${who?.name ?? 'nobody'}`,
        origin: 'token',
        warning,
      });
    }
    if (apiKey.mode === 'send')
      passes.push({ header: apiKey.header, carries: 'sandbox key', origin: 'apiKey', warning: null });
    const inherited = { path: '', name: 'PetStore' };
    return {
      url: request.url.replace('{{invokeUrl}}', 'http://127.0.0.1:41873/dev'),
      passes,
      auth: { token, apiKey },
      tokenFrom: request.auth.token.mode === 'inherit' ? inherited : null,
      apiKeyFrom: request.auth.apiKey.mode === 'inherit' ? inherited : null,
      inheritedToken: above.token,
      inheritedApiKey: above.apiKey,
      apiKeyStored: true,
      problems: [],
    };
  }

  async send(send: number, context: RequestContext, request: Request): Promise<SendEnd> {
    const identity = context.sendAs ?? context.identity;
    const waits = scene.has('waits') && identity !== null;
    if (waits) {
      this.#tell({ kind: 'sendWaits', send, identity, signIn: scene.has('over') });
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
    const preview = await this.preview(context, request);
    const { token } = preview.auth;
    const header = token.mode === 'send' ? token.header : '';
    const sentAs = token.mode === 'send' ? (context.sendAs ?? token.identity ?? context.identity) : null;
    const made: Answer = answer(++this.#answers, header === 'dev-auth-token', header, sentAs);
    this.#body = made.firstLines;
    return { kind: 'answered', answer: { ...made, renewal: waits ? 'beforeSend' : null } };
  }

  async cancelSend(): Promise<null> {
    return null;
  }

  async findInAnswer(_answer: number, _pretty: boolean, text: string): Promise<number[]> {
    return this.#body.split('\n').flatMap((line, at) => (line.includes(text) ? [at] : []));
  }

  async forgetAnswer(): Promise<null> {
    return null;
  }

  async chooseFolder(): Promise<string | null> {
    return root;
  }

  async chooseFile(): Promise<string | null> {
    return '/home/ada/dog.png';
  }

  async saveAnswer(_answer: number, name: string): Promise<string | null> {
    return `/home/ada/${name}`;
  }

  lines(pretty: boolean, from: number, count: number): string {
    const text = pretty ? this.#body : JSON.stringify(JSON.parse(this.#body));
    return text
      .split('\n')
      .slice(from, from + count)
      .join('\n');
  }
}

function failure(code: Failure['code'], message: string, hint = ''): Failure {
  return { code, message, hint, causes: [] };
}

function change(home: Collection, path: string, turn: (item: Item) => Item): Collection {
  const walk = (items: Item[]): Item[] =>
    items.map((item) => {
      if (item.path === path) return turn(item);
      return item.kind === 'folder' ? { ...item, items: walk(item.items) } : item;
    });
  return { ...home, items: walk(home.items) };
}

function remove(home: Collection, path: string): Collection {
  const walk = (items: Item[]): Item[] =>
    items
      .filter((item) => item.path !== path)
      .map((item) => (item.kind === 'folder' ? { ...item, items: walk(item.items) } : item));
  return { ...home, items: walk(home.items) };
}

function insert(home: Collection, folder: string, item: Item, before: string | null): Collection {
  const into = (items: Item[]) => {
    const at = items.findIndex((other) => other.path === before);
    return items.toSpliced(at < 0 ? items.length : at, 0, item);
  };
  if (folder === '') return { ...home, items: into(home.items) };
  return change(home, folder, (other) => (other.kind === 'folder' ? { ...other, items: into(other.items) } : other));
}

function many(): Collection {
  const items: Item[] = Array.from({ length: 100 }, (_, folder) => ({
    kind: 'folder',
    path: `f${folder}`,
    name: `Folder ${folder}`,
    defaults: collection.defaults,
    items: Array.from({ length: 100 }, (__, at) => ({
      kind: 'request',
      path: `f${folder}/r${at}.yml`,
      name: `Request ${folder}-${at}`,
      method: at % 3 === 0 ? 'POST' : 'GET',
      url: '{{invokeUrl}}/things',
    })),
  }));
  return { ...collection, items: [...collection.items.slice(0, 3), ...items] };
}
