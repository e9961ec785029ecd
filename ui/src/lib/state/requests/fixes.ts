/** What a fix that the verdict offers does to the request. */
import type { Fix, Preview, Request, TokenAuth } from '$lib/bridge/types';

type SendToken = Extract<TokenAuth, { mode: 'send' }>;

/** What is left to do once the request is as the fix wants it. */
export type Next = 'send' | 'signIn' | 'editUrl' | 'editKey';

export function applyFix(request: Request, preview: Preview | null, fix: Fix): { request: Request; next: Next } {
  const token = sentToken(request, preview);
  switch (fix.kind) {
    case 'sendTokenIn':
      return { request: withToken(request, { ...token, header: fix.header }), next: 'send' };
    case 'sendOtherToken':
      return { request: withToken(request, { ...token, token: fix.token }), next: 'send' };
    case 'dropPrefix':
      return { request: withToken(request, { ...token, prefix: '' }), next: 'send' };
    case 'attachToken':
      return { request: attached(request, preview, token), next: 'send' };
    case 'addApiKey': {
      const above = preview?.inheritedApiKey.mode === 'send';
      const apiKey = above
        ? { mode: 'inherit' as const }
        : { mode: 'send' as const, header: 'x-api-key', variable: 'apiKey' };
      const stored = preview?.apiKeyStored === true && above;
      return { request: { ...request, auth: { ...request.auth, apiKey } }, next: stored ? 'send' : 'editKey' };
    }
    case 'signInAgain':
      return { request: attached(request, preview, token), next: 'signIn' };
    case 'sendAgain':
      return { request, next: 'send' };
    case 'editUrl':
      return { request, next: 'editUrl' };
  }
}

/** Gives the request with a token, as it would inherit it where something stands above. */
function attached(request: Request, preview: Preview | null, token: SendToken): Request {
  if (preview?.auth.token.mode === 'send') return request;
  return withToken(request, preview?.inheritedToken.mode === 'send' ? { mode: 'inherit' } : token);
}

function withToken(request: Request, token: TokenAuth): Request {
  return { ...request, auth: { ...request.auth, token } };
}

/** Gives the token part that holds, after inheritance; a sensible one where nothing is sent. */
export function sentToken(request: Request, preview: Preview | null): SendToken {
  const held = [request.auth.token, preview?.auth.token, preview?.inheritedToken].find((auth) => auth?.mode === 'send');
  if (held?.mode === 'send') return held;
  return { mode: 'send', identity: null, token: 'id', header: 'Authorization', prefix: '' };
}
