import { describe, expect, it } from 'vitest';
import bindings from './bindings.ts?raw';
import { asFailure, BridgeFailure } from './failure';
import { failures } from './failures';
import type { Failure } from './types';

const codes = [...(/export type Code =([\s\S]*?);\n/.exec(bindings)?.[1] ?? '').matchAll(/"(\w+)"/g)].map(
  (found) => found[1] ?? '',
);

describe('the table of failures', () => {
  it('has words for every code of Rust and for no other', () => {
    expect(codes.length).toBeGreaterThan(20);
    expect(Object.keys(failures).sort()).toEqual(codes.sort());
  });

  it('speaks plainly', () => {
    for (const { title, action } of Object.values(failures)) {
      for (const words of [title, action?.label ?? title]) expect(words).not.toMatch(/[!.]|please|oops|error/i);
    }
  });

  it('has a title of its own for each', () => {
    const titles = Object.values(failures).map((words) => words.title);
    expect(new Set(titles).size).toBe(titles.length);
  });
});

describe('what was thrown', () => {
  const failure: Failure = { code: 'tls', message: 'the certificate is expired', hint: '', causes: ['deeper'] };

  it('is the failure that Rust told', () => {
    expect(asFailure(new BridgeFailure(failure))).toEqual(failure);
    expect(asFailure(failure)).toEqual(failure);
  });

  it('is a fault of Gatepass where it is none of Rust’s', () => {
    expect(asFailure(new Error('undefined is no function'))).toMatchObject({ code: 'internal' });
    expect(asFailure('words')).toMatchObject({ code: 'internal', message: 'words' });
  });
});
