import { describe, expect, it } from 'vitest';
import type { Preview, Request, TokenAuth } from '$lib/bridge/types';
import { blankRequest } from './blank';
import { applyFix } from './fixes';

const above: TokenAuth = { mode: 'send', identity: null, token: 'id', header: 'dev-auth-token', prefix: 'Bearer' };

function preview(token: TokenAuth, inherited: TokenAuth = { mode: 'none' }, key = false): Preview {
  return {
    url: '',
    passes: [],
    auth: { token, apiKey: { mode: 'none' } },
    tokenFrom: null,
    apiKeyFrom: null,
    inheritedToken: inherited,
    inheritedApiKey: key ? { mode: 'send', header: 'x-api-key', variable: 'apiKey' } : { mode: 'none' },
    apiKeyStored: key,
    problems: [],
  };
}

const without: Request = { ...blankRequest(), auth: { token: { mode: 'none' }, apiKey: { mode: 'none' } } };

describe('a fix', () => {
  it('changes only what it is about, and keeps the rest of what is inherited', () => {
    const { request, next } = applyFix(blankRequest(), preview(above, above), {
      kind: 'sendTokenIn',
      header: 'x-token',
    });
    expect(request.auth.token).toEqual({ ...above, header: 'x-token' });
    expect(next).toBe('send');
  });

  it('drops the prefix', () => {
    const { request } = applyFix(blankRequest(), preview(above, above), { kind: 'dropPrefix' });
    expect(request.auth.token).toEqual({ ...above, prefix: '' });
  });

  it('sends the other token', () => {
    const { request } = applyFix(blankRequest(), preview(above), { kind: 'sendOtherToken', token: 'access' });
    expect(request.auth.token).toEqual({ ...above, token: 'access' });
  });

  it('attaches the token that the collection hands down', () => {
    const { request } = applyFix(without, preview({ mode: 'none' }, above), { kind: 'attachToken' });
    expect(request.auth.token).toEqual({ mode: 'inherit' });
  });

  it('attaches a token of its own where nothing is handed down', () => {
    const { request } = applyFix(without, preview({ mode: 'none' }), { kind: 'attachToken' });
    expect(request.auth.token).toMatchObject({ mode: 'send', token: 'id', header: 'Authorization' });
  });

  it('that signs in sends the token afterwards, which the request may have refused', () => {
    const { request, next } = applyFix(without, preview({ mode: 'none' }, above), { kind: 'signInAgain' });
    expect(request.auth.token).toEqual({ mode: 'inherit' });
    expect(next).toBe('signIn');
  });

  it('that signs in leaves a request alone that sends a token already', () => {
    const request = blankRequest();
    expect(applyFix(request, preview(above, above), { kind: 'signInAgain' }).request).toBe(request);
  });

  it('adds the key that is kept, else asks for it', () => {
    const kept = applyFix(without, preview({ mode: 'none' }, { mode: 'none' }, true), { kind: 'addApiKey' });
    expect(kept).toMatchObject({ request: { auth: { apiKey: { mode: 'inherit' } } }, next: 'send' });
    const missing = applyFix(without, preview({ mode: 'none' }), { kind: 'addApiKey' });
    expect(missing).toMatchObject({
      request: { auth: { apiKey: { mode: 'send', header: 'x-api-key' } } },
      next: 'editKey',
    });
  });

  it('that only looks changes nothing', () => {
    for (const kind of ['sendAgain', 'editUrl'] as const) {
      expect(applyFix(without, null, { kind }).request).toBe(without);
    }
  });
});
