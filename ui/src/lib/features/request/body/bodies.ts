import type { Body, Field, Part } from '$lib/bridge/types';

/** Kinds of body that can be chosen. */
export type BodyChoice = Exclude<Body['kind'], 'foreign'>;

/** The kinds of body in their order. */
export const BODY_CHOICES: { value: BodyChoice; label: string }[] = [
  { value: 'none', label: 'None' },
  { value: 'json', label: 'JSON' },
  { value: 'text', label: 'Text' },
  { value: 'xml', label: 'XML' },
  { value: 'form', label: 'Form' },
  { value: 'multipart', label: 'Multipart' },
  { value: 'file', label: 'File' },
];

/** What goes out as `content-type` unless a header says otherwise. */
export const BODY_TYPES: Record<BodyChoice, string> = {
  none: '',
  json: 'application/json',
  text: 'text/plain; charset=utf-8',
  xml: 'application/xml',
  form: 'application/x-www-form-urlencoded',
  multipart: 'multipart/form-data',
  file: '',
};

const textOf = (body: Body): string => ('text' in body ? body.text : '');

const fieldsOf = (body: Body): Field[] => {
  if (body.kind === 'form') return body.fields;
  if (body.kind !== 'multipart') return [];
  return body.parts
    .filter((part) => !part.file)
    .map(({ name, value, disabled }) => ({ name, value, disabled, description: '' }));
};

const partsOf = (body: Body): Part[] => {
  if (body.kind === 'multipart') return body.parts;
  if (body.kind !== 'form') return [];
  return body.fields.map(({ name, value, disabled }) => ({ name, value, disabled, file: false, contentType: '' }));
};

/** Gives a body of another kind that keeps what both kinds can hold. */
export function asKind(body: Body, kind: BodyChoice): Body {
  if (body.kind === kind) return body;
  switch (kind) {
    case 'none':
      return { kind };
    case 'json':
    case 'text':
    case 'xml':
      return { kind, text: textOf(body) };
    case 'form':
      return { kind, fields: fieldsOf(body) };
    case 'multipart':
      return { kind, parts: partsOf(body) };
    case 'file':
      return { kind, path: '', contentType: '' };
  }
}
