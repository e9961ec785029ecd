import type { Failure } from '$lib/bridge/types';

/** What the address of the preview asks for. */
export const scene = new URLSearchParams(location.search);

export function failure(code: Failure['code'], message: string, hint = ''): Failure {
  return { code, message, hint, causes: [] };
}
