/**
 * Keeps the query of a URL and the table of parameters in step, without re-encoding what was typed.
 *
 * Names and values in the table are the raw text of the URL. Only what would change the URL's structure is escaped when
 * it is typed into the table.
 */
import type { Parameter, Request } from '$lib/bridge/types';

interface Piece {
  /** As it stands in the URL, with the empty pieces that stood before it. */
  raw: string;
  name: string;
  value: string;
}

interface Query {
  /** Everything up to the question mark. */
  head: string;
  pieces: Piece[];
  /** Ampersands behind the last piece. */
  tail: string;
  /** From the number sign on. */
  fragment: string;
}

const VARIABLE = /\{\{[^{}]*\}\}/g;

/** Finds a character outside of `{{variables}}`; -1 where there is none. */
function indexOutside(text: string, wanted: string): number {
  const masked = text.replace(VARIABLE, (variable) => '\0'.repeat(variable.length));
  return masked.indexOf(wanted);
}

function splitOutside(text: string, separator: string): string[] {
  const parts: string[] = [];
  let rest = text;
  for (let at = indexOutside(rest, separator); at >= 0; at = indexOutside(rest, separator)) {
    parts.push(rest.slice(0, at));
    rest = rest.slice(at + 1);
  }
  parts.push(rest);
  return parts;
}

/** Splits a URL at its query. */
export function readQuery(url: string): Query {
  const hash = indexOutside(url, '#');
  const fragment = hash < 0 ? '' : url.slice(hash);
  const before = hash < 0 ? url : url.slice(0, hash);
  const mark = indexOutside(before, '?');
  if (mark < 0) return { head: before, pieces: [], tail: '', fragment };
  const pieces: Piece[] = [];
  let skipped = '';
  for (const text of splitOutside(before.slice(mark + 1), '&')) {
    if (text === '') {
      skipped += '&';
      continue;
    }
    const equals = indexOutside(text, '=');
    pieces.push({
      raw: skipped + text,
      name: equals < 0 ? text : text.slice(0, equals),
      value: equals < 0 ? '' : text.slice(equals + 1),
    });
    skipped = '';
  }
  const tail = pieces.length === 0 ? skipped.slice(1) : skipped;
  return { head: before.slice(0, mark), pieces, tail, fragment };
}

const escape = (text: string, special: RegExp): string =>
  text.replace(special, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);

/** Gives a name as it can stand in a query. */
export const nameText = (name: string): string => escape(name, /[&#=]/g);

/** Gives a value as it can stand in a query. */
export const valueText = (value: string): string => escape(value, /[&#]/g);

const isQuery = (parameter: Parameter): boolean => parameter.place === 'query';
const isBlank = (parameter: Parameter): boolean => parameter.name === '' && parameter.value === '';
const inUrl = (parameter: Parameter): boolean => isQuery(parameter) && !parameter.disabled && !isBlank(parameter);

/** Gives the request with another URL, its parameters following. */
export function withUrl(request: Request, url: string): Request {
  const query = queryRows(
    request.params.filter(isQuery),
    readQuery(url).pieces.map(({ name, value }) => ({ name, value })),
  );
  return { ...request, url, params: inOrder(request.params, query, pathRows(url, request.params)) };
}

/** Gives the request with other query parameters, its URL following. */
export function withQueryRows(request: Request, rows: Parameter[]): Request {
  const query = readQuery(request.url);
  const before = request.params.filter(inUrl);
  const escaped = rows.map((row) =>
    row.name === nameText(row.name) && row.value === valueText(row.value)
      ? row
      : { ...row, name: nameText(row.name), value: valueText(row.value) },
  );
  const pieces = escaped.filter(inUrl).map((row, index) => {
    const known = query.pieces[before.indexOf(row)];
    if (known && known.name === row.name && known.value === row.value) return known.raw;
    const former = query.pieces[index];
    const bare = row.value === '' && former !== undefined && former.raw.replace(/^&+/, '') === row.name;
    return bare ? row.name : `${row.name}=${row.value}`;
  });
  const joined = pieces.join('&') + (pieces.length > 0 ? query.tail : '');
  const url = query.head + (pieces.length > 0 ? `?${joined}` : '') + query.fragment;
  const path = request.params.filter((parameter) => !isQuery(parameter));
  return { ...request, url, params: inOrder(request.params, escaped, path) };
}

/** Gives the request with other values for its path parameters. */
export function withPathRows(request: Request, rows: Parameter[]): Request {
  return { ...request, params: inOrder(request.params, request.params.filter(isQuery), rows) };
}

/** Keeps the order in which the file has the two kinds. */
function inOrder(former: Parameter[], query: Parameter[], path: Parameter[]): Parameter[] {
  return former[0]?.place === 'path' ? [...path, ...query] : [...query, ...path];
}

/** Gives the rows for what now stands in the URL; rows that are switched off keep their place. */
function queryRows(former: Parameter[], found: { name: string; value: string }[]): Parameter[] {
  const shown = former.filter(inUrl);
  const same = (row: Parameter | undefined, piece: { name: string; value: string } | undefined): boolean =>
    row !== undefined && piece !== undefined && row.name === piece.name && row.value === piece.value;
  const shorter = Math.min(shown.length, found.length);
  let prefix = 0;
  while (prefix < shorter && same(shown[prefix], found[prefix])) prefix += 1;
  let suffix = 0;
  while (suffix < shorter - prefix && same(shown[shown.length - 1 - suffix], found[found.length - 1 - suffix])) {
    suffix += 1;
  }
  const delta = found.length - shown.length;
  const rows = found.map((piece, index): Parameter => {
    if (index >= found.length - suffix) return shown[index - delta] as Parameter;
    const kept = index < shown.length - suffix ? shown[index] : undefined;
    if (kept && same(kept, piece)) return kept;
    return { place: 'query', disabled: false, description: kept?.description ?? '', ...piece };
  });
  const anchored = (anchor: number): number => {
    if (anchor <= prefix) return anchor;
    return anchor > shown.length - suffix ? anchor + delta : Math.min(anchor, found.length - suffix);
  };
  const merged: Parameter[] = [];
  let taken = 0;
  let anchor = 0;
  for (const row of former) {
    if (inUrl(row)) {
      anchor += 1;
      continue;
    }
    if (!row.disabled) continue;
    const until = anchored(anchor);
    while (taken < until) merged.push(rows[taken++] as Parameter);
    merged.push(row);
  }
  return [...merged, ...rows.slice(taken)];
}

/** Gives the names of the `:name` segments of a URL's path, in order. */
export function pathNames(url: string): string[] {
  const { head } = readQuery(url);
  const scheme = head.indexOf('://');
  const slash = head.indexOf('/', scheme < 0 ? 0 : scheme + 3);
  if (slash < 0) return [];
  const names = head
    .slice(slash)
    .split('/')
    .filter((segment) => /^:[A-Za-z_][\w.-]*$/.test(segment))
    .map((segment) => segment.slice(1));
  return [...new Set(names)];
}

function pathRows(url: string, former: Parameter[]): Parameter[] {
  const names = pathNames(url);
  const rows = former.filter((parameter) => !isQuery(parameter));
  const gone = rows.filter((row) => !names.includes(row.name));
  return names.map((name, index) => {
    const known = rows.find((row) => row.name === name);
    if (known) return known;
    const renamed = rows[index];
    if (renamed && gone.includes(renamed)) return { ...renamed, name };
    return { place: 'path', name, value: '', disabled: false, description: '' };
  });
}
