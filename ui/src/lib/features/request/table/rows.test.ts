import { expect, it } from 'vitest';
import { isList, linesOf, merged, readLines, readPaste } from './rows';

const rows = [
  { name: 'Accept', value: 'text/html, a:b', disabled: false, description: 'note' },
  { name: 'X-Off', value: '', disabled: true, description: '' },
];

it('rows come back the same through the bulk editor', () => {
  const make = () => {
    throw new Error('a row was made anew');
  };
  expect(merged(readLines(linesOf(rows, ':'), ':'), rows, make)).toEqual(rows);
});

it('rows with an equals sign come back the same', () => {
  const form = [{ name: 'q', value: 'a=b: c', disabled: false }];
  expect(readLines(linesOf(form, '='), '=')).toEqual(form);
});

it('a changed line makes a new row and leaves the other its note', () => {
  const changed = merged(readLines('Accept: text/html, a:b\nX-Off: on', ':'), rows, (line) => ({
    ...line,
    description: 'new',
  }));
  expect(changed.map((row) => row.description)).toEqual(['note', 'new']);
});

it('pasted lines are rows, a pasted sentence is not', () => {
  expect(isList('a: 1\nb: 2\n')).toBe(true);
  expect(isList('just one\n')).toBe(false);
  expect(readPaste('a=1\nb=2', ':').map((line) => line.value)).toEqual(['1', '2']);
  expect(readPaste('Host: a\r\nX-Empty:\r\n', ':').map((line) => line.name)).toEqual(['Host', 'X-Empty']);
});
