/** What the request's pane is told of the world around it. */
import type { Auth, Collection, Environment, TokenAuth } from '$lib/bridge/types';
import type { AuthFacts, RequestFacts, VariableFact } from '$lib/features/request/facts';
import type { App } from '../app.svelte';
import { ancestors, defaultsOf } from '../items';
import type { RequestTab } from './request-tab.svelte';

export function requestFacts(app: App, tab: RequestTab): RequestFacts {
  const collection = app.workspace.collection(tab.collection);
  const environment = app.environmentOf(collection);
  const { preview } = tab;
  return {
    identities: app.workspace.identities,
    pools: app.workspace.pools,
    chosenIdentity: app.identityFor(tab.collection)?.id ?? null,
    inheritedToken: preview?.inheritedToken ?? null,
    inheritedApiKey: preview?.inheritedApiKey ?? null,
    inheritedFrom: { token: preview?.tokenFrom?.name ?? null, apiKey: preview?.apiKeyFrom?.name ?? null },
    canInherit: true,
    apiKeyStored: preview?.apiKeyStored ?? false,
    secretNames: secretNames(collection, environment),
    variables: variablesOf(collection, environment),
  };
}

/** The same for the defaults of a folder, or with an empty path of the collection itself. */
export function defaultsFacts(app: App, root: string, path: string): AuthFacts {
  const collection = app.workspace.collection(root);
  const chain = collection && path !== '' ? handedDown(collection, ancestors(collection, path)) : [];
  const token = chain.find(({ auth }) => auth.token.mode !== 'inherit');
  const apiKey = chain.find(({ auth }) => auth.apiKey.mode !== 'inherit');
  return {
    identities: app.workspace.identities,
    pools: app.workspace.pools,
    chosenIdentity: app.identityFor(root)?.id ?? null,
    inheritedToken: token?.auth.token ?? null,
    inheritedApiKey: apiKey?.auth.apiKey ?? null,
    inheritedFrom: { token: token?.name ?? null, apiKey: apiKey?.name ?? null },
    canInherit: path !== '',
    apiKeyStored: false,
    secretNames: secretNames(collection, app.environmentOf(collection)),
  };
}

/** Gives the token part that holds for a request as it is now, which the preview says only a moment later. */
export function tokenOf(app: App, tab: RequestTab): TokenAuth {
  const own = tab.request?.auth.token ?? { mode: 'none' };
  const collection = app.workspace.collection(tab.collection);
  if (own.mode !== 'inherit' || !collection) return own;
  const folders =
    tab.path === null ? [...ancestors(collection, tab.folder), tab.folder] : ancestors(collection, tab.path);
  const { auth } = handedDown(collection, folders).find((above) => above.auth.token.mode !== 'inherit') ?? {};
  return auth?.token ?? { mode: 'none' };
}

/** Gives what folders hand down, the nearest first. */
function handedDown(collection: Collection, folders: string[]): { name: string; auth: Auth }[] {
  return folders.toReversed().flatMap((folder) => {
    const auth = defaultsOf(collection, folder)?.auth;
    return auth ? [{ name: folder === '' ? collection.name : (folder.split('/').at(-1) ?? folder), auth }] : [];
  });
}

/** Gives what can stand between braces: the environment's variables, and the collection's own secrets. */
export function variablesOf(collection: Collection | null, environment: Environment | null): VariableFact[] {
  const chosen = environment?.variables.filter((variable) => !variable.disabled && variable.name !== '') ?? [];
  const named = chosen.map(({ name, value, secret }) => ({ name, value, secret, source: environment?.name ?? '' }));
  const own = collection?.secrets.filter((name) => !named.some((variable) => variable.name === name)) ?? [];
  return [...named, ...own.map((name) => ({ name, value: '', secret: true, source: collection?.name ?? '' }))];
}

function secretNames(collection: Collection | null, environment: Environment | null): string[] {
  return variablesOf(collection, environment)
    .filter((variable) => variable.secret)
    .map((variable) => variable.name);
}
