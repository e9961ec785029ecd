import type { Defaults, Request, Settings } from '$lib/bridge/types';

const inheritedSettings: Settings = { timeout: null, followRedirects: null, maxRedirects: null };

export function blankRequest(): Request {
  return {
    name: '',
    method: 'GET',
    url: '',
    params: [],
    headers: [],
    auth: { token: { mode: 'inherit' }, apiKey: { mode: 'inherit' } },
    body: { kind: 'none' },
    settings: { ...inheritedSettings },
    docs: '',
  };
}

export function blankDefaults(): Defaults {
  return {
    headers: [],
    auth: { token: { mode: 'inherit' }, apiKey: { mode: 'inherit' } },
    settings: { ...inheritedSettings },
    docs: '',
  };
}
