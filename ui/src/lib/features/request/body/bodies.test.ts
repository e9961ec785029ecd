import { expect, it } from 'vitest';
import type { Body } from '$lib/bridge/types';
import { asKind } from './bodies';

it('a text stays when only its kind changes', () => {
  expect(asKind({ kind: 'json', text: '{}' }, 'xml')).toEqual({ kind: 'xml', text: '{}' });
});

it('fields become parts and come back', () => {
  const form: Body = { kind: 'form', fields: [{ name: 'a', value: '1', disabled: true, description: '' }] };
  const parts = asKind(form, 'multipart');
  expect(parts).toEqual({
    kind: 'multipart',
    parts: [{ name: 'a', value: '1', disabled: true, file: false, contentType: '' }],
  });
  expect(asKind(parts, 'form')).toEqual(form);
});

it('the same kind is the same body', () => {
  const body: Body = { kind: 'file', path: '/a', contentType: '' };
  expect(asKind(body, 'file')).toBe(body);
});
