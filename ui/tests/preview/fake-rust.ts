/** A pretended Rust, as far as the window can tell: it keeps everything in memory and makes nothing up twice. */
import type { Bridge } from '$lib/bridge/bridge';
import type {
  Answer,
  Change,
  IdentityView,
  Preview,
  Request,
  RequestContext,
  SandboxView,
  SendEnd,
  Startup,
} from '$lib/bridge/types';
import {
  answer,
  billing,
  collection,
  identities,
  machine,
  over,
  pool,
  promoted,
  requests,
  root,
  signedIn,
} from './data';
import { FakeIdentities } from './fake-rust/identities';
import { failure, providerRefuses, scene } from './fake-rust/scene';
import { many } from './fake-rust/tree';

type Commands = Omit<Bridge, 'onChange' | 'onClosing' | 'answerLines' | 'setZoom'>;

export class FakeRust extends FakeIdentities implements Commands {
  #sandbox: SandboxView | null = null;
  #answers = 0;
  #body = '';

  constructor(tell: (change: Change) => void) {
    super(tell);
    if (scene.get('scene') !== 'welcome') this.#fill();
  }

  #fill(): void {
    this.collections = [scene.has('many') ? many() : collection];
    this.pools = [scene.has('browser') ? { ...pool, facts: { ...pool.facts, place: 'browser' } } : pool];
    this.identities = identities;
    if (scene.has('many-identities')) {
      this.pools = [pool, billing];
      this.identities = [...identities, machine()];
    }
    if (scene.has('over')) this.identities = [over(signedIn('ada', 'ada', 0, -3)), ...this.identities.slice(1)];
    if (scene.has('changed')) {
      this.identities = [promoted(signedIn('ada', 'ada', 0, 54)), ...this.identities.slice(1)];
    }
    this.#sandbox = {
      address: '127.0.0.1:41873',
      invokeUrl: 'http://127.0.0.1:41873/dev',
      pool: pool.id,
      collection: root,
      users: [{ username: 'ada', password: 'Sandbox-1', temporary: true }],
    };
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
      collections: this.collections,
      lostCollections: [],
      pools: this.pools,
      identities: this.identities,
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

  async closeWindow(): Promise<null> {
    return null;
  }

  async mark(): Promise<null> {
    return null;
  }

  async saveDesk(): Promise<null> {
    return null;
  }

  unlockKeychain(): Promise<Startup> {
    return this.start();
  }

  async startSandbox(): Promise<SandboxView> {
    this.#fill();
    this.identities = [{ ...(identities[2] as IdentityView), name: 'sandbox user' }];
    this.tell({ kind: 'pool', pool });
    this.tell({ kind: 'identity', identity: this.identities[0] as IdentityView });
    this.tell({ kind: 'collection', collection: this.home(), changed: [] });
    return this.#sandbox as SandboxView;
  }

  async stopSandbox(): Promise<null> {
    return null;
  }

  async preview(context: RequestContext, request: Request): Promise<Preview> {
    const above = collection.defaults.auth;
    const token = request.auth.token.mode === 'inherit' ? above.token : request.auth.token;
    const apiKey = request.auth.apiKey.mode === 'inherit' ? above.apiKey : request.auth.apiKey;
    const who = this.identities.find((other) => other.id === context.identity);
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
    if (scene.has('provider')) throw providerRefuses();
    const identity = context.sendAs ?? context.identity;
    const waits = scene.has('waits') && identity !== null;
    if (waits) {
      this.tell({ kind: 'sendWaits', send, identity, signIn: scene.has('over') });
      await new Promise<void>((resolve) => this.waiting.push(resolve));
    }
    const preview = await this.preview(context, request);
    const { token } = preview.auth;
    const header = token.mode === 'send' ? token.header : '';
    const sentAs = token.mode === 'send' ? (context.sendAs ?? token.identity ?? context.identity) : null;
    const made: Answer = answer(++this.#answers, header === 'dev-auth-token', header, sentAs);
    this.#body = made.firstLines;
    const refusal = failure(
      'timedOut',
      'The user pool did not answer within 10 seconds.',
      'Renew it by hand, or send again.',
    );
    const notRenewed = scene.has('not-renewed') ? refusal : null;
    return { kind: 'answered', answer: { ...made, renewal: waits ? 'beforeSend' : null, notRenewed } };
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
