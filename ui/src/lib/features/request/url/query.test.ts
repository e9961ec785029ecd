import { describe, expect, it } from 'vitest';
import type { Parameter, Request } from '$lib/bridge/types';
import { pathNames, readQuery, withPathRows, withQueryRows, withUrl } from './query';
import { newRequest } from '../fixtures';

const query = (name: string, value: string, disabled = false, description = ''): Parameter => ({
  place: 'query',
  name,
  value,
  disabled,
  description,
});

const at = (url: string, params: Parameter[] = []): Request => withUrl({ ...newRequest(), params }, url);
const rows = (request: Request): string[] =>
  request.params.map((row) => `${row.disabled ? '-' : ''}${row.place === 'path' ? ':' : ''}${row.name}=${row.value}`);

describe('a URL that is typed', () => {
  it.each([
    ['https://a.test/pets', []],
    ['https://a.test/pets?', []],
    ['https://a.test/pets?type=dog&page=2', ['type=dog', 'page=2']],
    ['{{invokeUrl}}/pets?type={{kind?x&y=z}}', ['type={{kind?x&y=z}}']],
    ['/pets?a=b=c', ['a=b=c']],
    ['/pets?flag', ['flag=']],
    ['/pets?a=%20+ä&b', ['a=%20+ä', 'b=']],
    ['/pets?a=1#part?b=2', ['a=1']],
    ['/pets/#?a=1', []],
    ['/pets?&&a=1&', ['a=1']],
  ])('%s shows its parameters as typed', (url, expected) => {
    expect(rows(at(url))).toEqual(expected);
  });

  it('keeps rows that are switched off where they stood', () => {
    const before = at('/p?a=1&c=3', [query('a', '1'), query('b', '2', true), query('c', '3')]);
    expect(rows(before)).toEqual(['a=1', '-b=2', 'c=3']);
    expect(rows(withUrl(before, '/p?a=1&x=9&c=3'))).toEqual(['a=1', '-b=2', 'x=9', 'c=3']);
    expect(rows(withUrl(before, '/p?c=3'))).toEqual(['-b=2', 'c=3']);
    expect(rows(withUrl(before, '/p'))).toEqual(['-b=2']);
  });

  it('keeps the note of a parameter whose value is being typed', () => {
    const before = at('/p?a=1', [query('a', '1', false, 'the page')]);
    expect(withUrl(before, '/p?a=12').params[0]).toEqual(query('a', '12', false, 'the page'));
  });
});

describe('a table that is edited', () => {
  it.each(['/p?a=1&b=2', '/p?flag&a=', '/p?&&a=1&&b=%7e&', '{{u}}/p?x={{y}}#frag', '/p'])(
    'leaves %s as it is when nothing changed',
    (url) => {
      const request = at(url);
      expect(withQueryRows(request, [...request.params]).url).toBe(url);
    },
  );

  it('changes one parameter and not a byte of the others', () => {
    const request = at('/p?a=%41+b&flag&c=3#f');
    const [a, flag, c] = request.params as [Parameter, Parameter, Parameter];
    expect(withQueryRows(request, [a, flag, { ...c, value: '4 5' }]).url).toBe('/p?a=%41+b&flag&c=4 5#f');
    expect(withQueryRows(request, [a, { ...flag, disabled: true }, c]).url).toBe('/p?a=%41+b&c=3#f');
    expect(withQueryRows(request, [c, a]).url).toBe('/p?c=3&a=%41+b#f');
    expect(withQueryRows(request, []).url).toBe('/p#f');
  });

  it('escapes only what would change the structure', () => {
    const request = withQueryRows(at('/p'), [query('a=b', 'x&y=z #1')]);
    expect(request.url).toBe('/p?a%3Db=x%26y=z %231');
    expect(rows(withUrl(request, request.url))).toEqual(['a%3Db=x%26y=z %231']);
  });

  it('does not put a blank row into the URL', () => {
    expect(withQueryRows(at('/p?a=1'), [query('a', '1'), query('', '')]).url).toBe('/p?a=1');
  });

  it('comes back the same through the URL', () => {
    const edited = withQueryRows(at('/p?a=1'), [query('a', '1'), query('b', 'two'), query('', 'x')]);
    expect(withUrl(edited, edited.url)).toEqual(edited);
  });
});

describe('path parameters', () => {
  it.each([
    ['https://host:8080/pets/:petId/toys/:toy', ['petId', 'toy']],
    ['{{base}}:8080/pets/:id?x=:no', ['id']],
    ['host:8080', []],
    ['https://a.test/v1:batch/:id/:id', ['id']],
  ])('%s has them', (url, names) => expect(pathNames(url)).toEqual(names));

  it('keep their value while the name is typed', () => {
    const valued = withPathRows(at('/pets/:i'), [{ ...(at('/pets/:i').params[0] as Parameter), value: '7' }]);
    expect(rows(withUrl(valued, '/pets/:id?a=1'))).toEqual([':id=7', 'a=1']);
  });

  it('go when their segment goes', () => expect(rows(withUrl(at('/pets/:id'), '/pets'))).toEqual([]));
});

it('a URL is read into parts that make it again', () => {
  const { head, pieces, tail, fragment } = readQuery('/p?&a=1&&b&#x');
  expect(`${head}?${pieces.map((piece) => piece.raw).join('&')}${tail}${fragment}`).toBe('/p?&a=1&&b&#x');
});
