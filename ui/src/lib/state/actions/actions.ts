/** The one registry of actions: menus, palette, tooltips, the help and the key handler read it. */
import { keyWords, matches, type Platform } from './keys';

export type ActionGroup = 'Request' | 'Tabs' | 'Collections' | 'Identity' | 'View' | 'Help';

interface Spec {
  title: string;
  group: ActionGroup;
  keys: readonly string[];
  /** Not offered in the palette: it makes no sense there, or is the palette itself. */
  hidden?: boolean;
}

export const actionSpecs = {
  send: { title: 'Send, or cancel', group: 'Request', keys: ['Mod+Enter'] },
  sendAs: { title: 'Send as…', group: 'Request', keys: ['Mod+Shift+Enter'] },
  save: { title: 'Save', group: 'Request', keys: ['Mod+S'] },
  newRequest: { title: 'New request', group: 'Request', keys: ['Mod+N'] },
  duplicate: { title: 'Duplicate the request', group: 'Request', keys: ['Mod+D'] },
  renameRequest: { title: 'Rename the request', group: 'Request', keys: ['F2'] },
  focusUrl: { title: 'Go to the URL', group: 'Request', keys: ['Mod+L'] },
  find: { title: 'Find in the response', group: 'Request', keys: ['Mod+F'] },
  newTab: { title: 'New tab', group: 'Tabs', keys: ['Mod+T'] },
  closeTab: { title: 'Close the tab', group: 'Tabs', keys: ['Mod+W'] },
  closeOtherTabs: { title: 'Close the other tabs', group: 'Tabs', keys: [] },
  reopenTab: { title: 'Reopen the closed tab', group: 'Tabs', keys: ['Mod+Shift+T'] },
  nextTab: { title: 'Next tab', group: 'Tabs', keys: ['Ctrl+Tab'] },
  previousTab: { title: 'Previous tab', group: 'Tabs', keys: ['Ctrl+Shift+Tab'] },
  newCollection: { title: 'New collection', group: 'Collections', keys: [] },
  openCollection: { title: 'Open a collection', group: 'Collections', keys: [] },
  environments: { title: 'Edit the environments', group: 'Collections', keys: [] },
  chooseEnvironment: { title: 'Choose the environment', group: 'Collections', keys: ['Mod+E'] },
  startSandbox: { title: 'Start the sandbox', group: 'Collections', keys: [] },
  stopSandbox: { title: 'Stop the sandbox', group: 'Collections', keys: [] },
  signIn: { title: 'Sign in', group: 'Identity', keys: [] },
  renew: { title: 'Renew the token', group: 'Identity', keys: [] },
  signOut: { title: 'Sign out', group: 'Identity', keys: [] },
  showIdentity: { title: 'Show the session and its claims', group: 'Identity', keys: [] },
  inspectToken: { title: 'Inspect a token', group: 'Identity', keys: [] },
  connectPool: { title: 'Connect a user pool', group: 'Identity', keys: [] },
  palette: { title: 'Search requests or run a command', group: 'View', keys: ['Mod+K'], hidden: true },
  quickOpen: { title: 'Open a request by name', group: 'View', keys: ['Mod+P'] },
  toggleSidebar: { title: 'Show or hide the sidebar', group: 'View', keys: ['Mod+B'] },
  toggleLayout: { title: 'Response beside or below', group: 'View', keys: ['Mod+J'] },
  nextPane: { title: 'Next pane', group: 'View', keys: ['F6'] },
  previousPane: { title: 'Previous pane', group: 'View', keys: ['Shift+F6'] },
  zoomIn: { title: 'Larger', group: 'View', keys: ['Mod+='] },
  zoomOut: { title: 'Smaller', group: 'View', keys: ['Mod+-'] },
  zoomReset: { title: 'Natural size', group: 'View', keys: ['Mod+0'] },
  settings: { title: 'Settings', group: 'Help', keys: ['Mod+,'] },
  keys: { title: 'Keys', group: 'Help', keys: ['Mod+Shift+/'] },
} as const satisfies Record<string, Spec>;

export type ActionId = keyof typeof actionSpecs;

export interface Deed {
  run: () => void | Promise<void>;
  enabled?: () => boolean;
}

export interface Action extends Spec {
  id: ActionId;
  /** Its first chord as the platform writes it; empty where it has none. */
  words: string;
  enabled: boolean;
  run: () => void;
}

export class Actions {
  readonly #deeds: Record<ActionId, Deed>;
  readonly #platform: () => Platform;
  readonly #fail: (error: unknown) => void;

  constructor(deeds: Record<ActionId, Deed>, platform: () => Platform, fail: (error: unknown) => void) {
    this.#deeds = deeds;
    this.#platform = platform;
    this.#fail = fail;
  }

  get all(): Action[] {
    return (Object.keys(actionSpecs) as ActionId[]).map((id) => this.get(id));
  }

  get(id: ActionId): Action {
    const enabled = this.#deeds[id].enabled?.() ?? true;
    return { ...actionSpecs[id], id, words: this.words(id), enabled, run: () => this.run(id) };
  }

  words(id: ActionId): string {
    const first = actionSpecs[id].keys[0];
    return first === undefined ? '' : keyWords(first, this.#platform());
  }

  run(id: ActionId): void {
    const deed = this.#deeds[id];
    if (deed.enabled?.() === false) return;
    Promise.resolve()
      .then(() => deed.run())
      .catch((error: unknown) => this.#fail(error));
  }

  /** Gives the action of a key press. */
  find(event: KeyboardEvent): ActionId | null {
    const platform = this.#platform();
    const ids = Object.keys(actionSpecs) as ActionId[];
    return ids.find((id) => actionSpecs[id].keys.some((keys) => matches(event, keys, platform))) ?? null;
  }
}
