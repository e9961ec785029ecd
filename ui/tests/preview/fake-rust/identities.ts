import type {
  GrantOffers,
  IdentityEdit,
  IdentityView,
  InspectedToken,
  PoolDraft,
  PoolView,
  SignInEnd,
} from '$lib/bridge/types';
import { inspected, pool, signedIn } from '../data';
import { FakeFiles } from './files';
import { failure, providerRefuses, scene } from './scene';

/** User pools, and who signs in to them. */
export class FakeIdentities extends FakeFiles {
  protected pools: PoolView[] = [];
  protected identities: IdentityView[] = [];
  /** The sends that wait until somebody has signed in. */
  protected readonly waiting: (() => void)[] = [];
  readonly #forms = new Map<string, () => void>();

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
    const view = { ...(this.pools.find((other) => other.id === id) ?? pool), clientSecret: value !== '' };
    this.pools = this.pools.map((other) => (other.id === id ? view : other));
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
      id: `pool-${this.pools.length}`,
      facts: draft,
      sandbox: false,
      issuer: null,
      learned: true,
    };
    this.pools = [...this.pools, made];
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
      id: `who-${this.identities.length}`,
      name: name || 'new',
      ownName: name,
      colour: 3,
      pool: of,
      options: {},
      keepSession: true,
      state: { kind: 'signedOut' },
    };
    this.identities = [...this.identities, made];
    return made;
  }

  async updateIdentity(identity: string, edit: IdentityEdit): Promise<IdentityView> {
    const old = this.identities.find((other) => other.id === identity) as IdentityView;
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
    this.identities = this.identities.map((other) => (other.id === identity.id ? identity : other));
    this.tell({ kind: 'identity', identity });
    return identity;
  }

  async signIn(identity: string): Promise<SignInEnd> {
    const old = this.identities.find((other) => other.id === identity) as IdentityView;
    if (scene.has('refuse')) {
      throw failure(
        'signInRefused',
        'The user pool does not know the callback https://example.com/callback.',
        'Register exactly this URL at the app client.',
      );
    }
    if (scene.has('google')) {
      throw providerRefuses();
    }
    if (scene.has('form') && (await this.#atTheForm(old)) === 'cancelled') return 'cancelled';
    this.#put({ ...signedIn(old.id, old.name, old.colour, 59), pool: old.pool });
    for (const go of this.waiting.splice(0)) go();
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
    const old = this.identities.find((other) => other.id === identity) as IdentityView;
    return this.#put({ ...old, state: { kind: 'signedOut' } });
  }

  async revealToken(): Promise<string> {
    return 'eyJraWQiOiI5a1FtM3RCMWMwPSIsImFsZyI6IlJTMjU2In0.preview.preview';
  }

  async copyToken(): Promise<null> {
    return null;
  }
}
