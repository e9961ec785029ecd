import type { ApiKeyAuth, IdentityView, PoolView, TokenAuth } from '$lib/bridge/types';

/** A part of the request pane. */
export type SectionId = 'params' | 'headers' | 'auth' | 'body' | 'settings' | 'docs';

/** A variable that can stand between braces. */
export interface VariableFact {
  name: string;
  /** Empty for a secret. */
  value: string;
  secret: boolean;
  /** The environment's name, or the collection. */
  source: string;
}

/** What the credentials panel needs to know besides the credentials themselves. */
export interface AuthFacts {
  identities: IdentityView[];
  pools: PoolView[];
  /** The id of the identity chosen in the title bar. */
  chosenIdentity: string | null;
  /** What would be inherited; null where nothing stands above or it is not known yet. */
  inheritedToken: TokenAuth | null;
  inheritedApiKey: ApiKeyAuth | null;
  /** Labels of the folder or collection that hands each part down. */
  inheritedFrom: { token: string | null; apiKey: string | null };
  /** False for the collection itself. */
  canInherit: boolean;
  apiKeyStored: boolean;
  /** Names of secret variables. */
  secretNames: string[];
}

/** What the credentials panel can have done. */
export interface AuthActions {
  /** Keeps a key in the keychain; null where there is no collection yet to keep it for. */
  storeKey: ((variable: string, value: string) => Promise<void>) | null;
  revealKey: (variable: string) => Promise<string>;
  signIn: (identity: string) => void;
}

/** What the request pane can have done. */
export interface RequestActions extends AuthActions {
  chooseFile: (title: string) => Promise<string | null>;
}

/** What the request pane needs to know besides the request itself. */
export interface RequestFacts extends AuthFacts {
  variables: VariableFact[];
}
