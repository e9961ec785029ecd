/** How requests are sent: as whom, and after what has to come first. */
import { BridgeFailure } from '$lib/bridge/failure';
import { type FailureAction, failures } from '$lib/bridge/failures';
import type { Failure, Fix, IdentityView } from '$lib/bridge/types';
import { mendOf } from '$lib/features/pools/mend';
import type { FailureWords } from '$lib/features/response/state';
import type { App } from '../app.svelte';
import type { Way } from '../sessions.svelte';
import { tokenOf } from './facts';
import { applyFix, sentToken } from './fixes';
import type { Preparation } from './last-send.svelte';
import type { RequestTab } from './request-tab.svelte';

export class Sends {
  readonly #app: App;

  constructor(app: App) {
    this.#app = app;
  }

  async sendOrCancel(tab: RequestTab): Promise<void> {
    if (tab.sending) await tab.lastSend.cancel(this.#app.bridge);
    else await this.send(tab);
  }

  async send(tab: RequestTab): Promise<void> {
    await this.#send(tab, null);
  }

  /** Whether a request can be sent once as an identity now. */
  canSendAs(tab: RequestTab | null, identity: IdentityView): boolean {
    return tab !== null && !tab.sending && this.sendsToken(tab) && identity.state.kind !== 'signingIn';
  }

  /** Whether a token goes out with a request as it is now. */
  sendsToken(tab: RequestTab): boolean {
    return tokenOf(this.#app, tab).mode === 'send';
  }

  /** Sends once as an identity, which signs in first where it has no token, and leaves the chosen one as it is. */
  async sendAs(tab: RequestTab, identity: string): Promise<void> {
    const isOut = this.#present(identity).state.kind === 'signedOut';
    await this.#send(tab, identity, isOut ? this.#signInFirst(identity, 'signIn', false) : null);
  }

  async #send(tab: RequestTab, sendAs: string | null, first: Preparation | null = null): Promise<void> {
    const { bridge, requests, guide } = this.#app;
    await tab.send(bridge, requests.contextOf(tab, sendAs), performance.now(), first);
    const { response } = tab;
    if (response.kind === 'answered') guide.answered(response.answer);
  }

  /** Sends again as the last time. */
  async #sendAgain(tab: RequestTab, first: Preparation | null = null): Promise<void> {
    await this.#send(tab, this.#askedAs(tab)?.id ?? null, first);
  }

  /** Gives the identity that the last send was asked for by name; null where it was left to what is chosen. */
  #askedAs(tab: RequestTab): IdentityView | null {
    return tab.lastSend.askedAs === null ? null : this.#present(tab.lastSend.askedAs);
  }

  #present(identity: string): IdentityView {
    const view = this.#app.workspace.identity(identity);
    if (view) return view;
    throw new BridgeFailure({
      code: 'unknown',
      message: 'The identity that the request was to be sent as is not here any more.',
      hint: 'Send it as another one, or as whoever is chosen.',
      causes: [],
    });
  }

  /** Does what the verdict offers. */
  async fix(tab: RequestTab, fix: Fix): Promise<void> {
    if (tab.request === null) return;
    const { request, next } = applyFix(tab.request, tab.preview, fix);
    tab.edit(request);
    switch (next) {
      case 'send':
        return this.#sendAgain(tab);
      case 'signIn':
        return this.#signInAndSend(tab, 'signIn');
      case 'editUrl':
        return this.#app.hands.focusUrl?.();
      case 'editKey':
        return this.#app.showSection(tab, 'auth');
    }
  }

  /** Gives a failure its title, and what can be done about it from the request's own pane. */
  describe(tab: RequestTab, failure: Failure): FailureWords {
    const words = failures[failure.code];
    const deeds: Partial<Record<FailureAction, () => void | Promise<void>>> = {
      signIn: () => this.#signInAndSend(tab, 'signIn'),
      renew: () => this.#signInAndSend(tab, 'renew'),
      unlock: () => this.#app.sessions.unlock(),
      editUrl: () => this.#app.hands.focusUrl?.(),
      editHeaders: () => this.#app.showSection(tab, 'headers'),
      editBody: () => this.#app.showSection(tab, 'body'),
      editSettings: () => this.#app.showSection(tab, 'settings'),
      editVariables: () => this.#app.editEnvironments(tab.collection),
      sendAgain: () => this.#sendAgain(tab),
    };
    if (failure.code === 'unreachable' && this.#app.sessions.isSandboxMissing(tab.collection)) {
      const start = () => this.#sendAgain(tab, this.#sandboxFirst());
      return { title: words.title, action: { label: 'Start the sandbox', run: () => this.#app.attempt(start) } };
    }
    const run = words.action ? deeds[words.action.id] : undefined;
    if (!words.action || !run) return { title: words.title, action: this.#mend(tab, failure) };
    return { title: words.title, action: { label: words.action.label, run: () => this.#app.attempt(run) } };
  }

  /** Gives what can be done about a failure at the pool of whoever signs in for a request. */
  #mend(tab: RequestTab, failure: Failure): FailureWords['action'] {
    const { sheets, workspace } = this.#app;
    const identity = workspace.identity(tab.lastSend.askedAs ?? this.#signer(tab));
    const pool = workspace.pool(identity?.pool ?? null);
    const mend = mendOf(failure.code, pool);
    if (!mend || !identity || !pool) return null;
    const { deed, label } = mend;
    if (deed === 'signInByBrowser') {
      return { label, run: () => this.#app.attempt(() => this.#signInAndSend(tab, deed)) };
    }
    const sheet = { pool: pool.id, back: identity.id, inBrowser: deed === 'moveToBrowser' };
    return { label, run: () => sheets.show({ kind: 'connectPool', ...sheet }) };
  }

  /** Gives who signs in for a request where nobody is named for the send. */
  #signer(tab: RequestTab): string | null {
    const own = tab.request ? sentToken(tab.request, tab.preview).identity : null;
    return own ?? this.#app.identityFor(tab.collection)?.id ?? null;
  }

  async #signInAndSend(tab: RequestTab, way: Way): Promise<void> {
    const asked = this.#askedAs(tab);
    const id = asked?.id ?? this.#signer(tab);
    if (id === null) this.#app.startSignIn();
    else await this.#sendAgain(tab, this.#signInFirst(id, way, asked === null));
  }

  #signInFirst(identity: string, way: Way, choose: boolean): Preparation {
    const { sessions, workspace } = this.#app;
    const state = workspace.identity(identity)?.state;
    const byItself = way === 'renew' && state?.kind === 'signedIn' && !state.over;
    return {
      waits: { identity, signIn: !byItself },
      ready: () => sessions.isIn(identity, way, choose),
      giveUp: () => this.#app.attempt(() => sessions.cancel(identity)),
    };
  }

  #sandboxFirst(): Preparation {
    const { sessions } = this.#app;
    return {
      waits: { sandbox: true },
      ready: async () => {
        await sessions.startSandbox();
        return true;
      },
      // The sandbox starts all the same: it is not for this one send alone.
      giveUp: () => {},
    };
  }
}
