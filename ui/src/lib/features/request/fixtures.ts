import type { Request } from '$lib/bridge/types';

/** Makes a request that says nothing yet. */
export function newRequest(): Request {
  return {
    name: '',
    method: 'GET',
    url: '',
    params: [],
    headers: [],
    auth: { token: { mode: 'inherit' }, apiKey: { mode: 'inherit' } },
    body: { kind: 'none' },
    settings: { timeout: null, followRedirects: null, maxRedirects: null },
    docs: '',
  };
}
