/** What the request's pane is told of the world around it. */
import type { Environment } from '$lib/bridge/types';
import type { AuthFacts, RequestFacts, VariableFact } from '$lib/features/request/facts';
import type { App } from './app.svelte';
import { ancestors, defaultsOf } from './items';
import type { RequestTab } from './request-tab.svelte';

export function requestFacts(app: App, tab: RequestTab): RequestFacts {
  const collection = app.workspace.collection(tab.collection);
  const environment = app.environmentOf(collection);
  const { preview } = tab;
  return {
    identities: app.workspace.identities,
    pools: app.workspace.pools,
    chosenIdentity: app.identity?.id ?? null,
    inheritedToken: preview?.inheritedToken ?? null,
    inheritedApiKey: preview?.inheritedApiKey ?? null,
    inheritedFrom: { token: preview?.tokenFrom?.name ?? null, apiKey: preview?.apiKeyFrom?.name ?? null },
    canInherit: true,
    apiKeyStored: preview?.apiKeyStored ?? false,
    secretNames: secretNames(environment),
    variables: variablesOf(environment),
  };
}

/** The same for the defaults of a folder, or with an empty path of the collection itself. */
export function defaultsFacts(app: App, root: string, path: string): AuthFacts {
  const collection = app.workspace.collection(root);
  const above = collection && path !== '' ? ancestors(collection, path).reverse() : [];
  const chain = above.map((folder) => ({
    name: folder === '' ? (collection?.name ?? '') : (folder.split('/').at(-1) ?? folder),
    auth: collection ? defaultsOf(collection, folder)?.auth : undefined,
  }));
  const token = chain.find(({ auth }) => auth && auth.token.mode !== 'inherit');
  const apiKey = chain.find(({ auth }) => auth && auth.apiKey.mode !== 'inherit');
  return {
    identities: app.workspace.identities,
    pools: app.workspace.pools,
    chosenIdentity: app.identity?.id ?? null,
    inheritedToken: token?.auth?.token ?? null,
    inheritedApiKey: apiKey?.auth?.apiKey ?? null,
    inheritedFrom: { token: token?.name ?? null, apiKey: apiKey?.name ?? null },
    canInherit: path !== '',
    apiKeyStored: false,
    secretNames: secretNames(app.environmentOf(collection)),
  };
}

export function variablesOf(environment: Environment | null): VariableFact[] {
  const variables = environment?.variables.filter((variable) => !variable.disabled && variable.name !== '') ?? [];
  return variables.map(({ name, value, secret }) => ({ name, value, secret, source: environment?.name ?? '' }));
}

function secretNames(environment: Environment | null): string[] {
  return variablesOf(environment)
    .filter((variable) => variable.secret)
    .map((variable) => variable.name);
}
