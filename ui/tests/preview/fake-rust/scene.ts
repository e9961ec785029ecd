import type { Failure } from '$lib/bridge/types';

/** What the address of the preview asks for. */
export const scene = new URLSearchParams(location.search);

export function failure(code: Failure['code'], message: string, hint = ''): Failure {
  return { code, message, hint, causes: [] };
}

export function providerRefuses(): Failure {
  return failure(
    'providerRefusesWindow',
    'accounts.google.com does not let anybody sign in inside an app’s window.',
    'Sign in in the browser. It comes back to https://example.com/callback, which has to be http on this machine with a port.',
  );
}
