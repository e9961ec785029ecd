import { expect, it } from 'vitest';
import { formatJson, isJson } from './format';

it.each([
  ['{"a":1.0,"b":[]}', '{\n  "a": 1.0,\n  "b": []\n}'],
  ['[12345678901234567890, 1e400,{}]', '[\n  12345678901234567890,\n  1e400,\n  {}\n]'],
  ['{"a":"x, {y}: \\" [","n":null}', '{\n  "a": "x, {y}: \\" [",\n  "n": null\n}'],
  ['{"id":{{id}},"who":"{{who}}"}', '{\n  "id": {{id}},\n  "who": "{{who}}"\n}'],
  ['  "text" ', '"text"'],
])('formats %s and keeps every token', (text, expected) => {
  expect(formatJson(text)).toBe(expected);
  expect(formatJson(expected)).toBe(expected);
});

it.each(['{', '{"a":}', 'a', "{'a':1}", ''])('leaves %s alone, it is not JSON', (text) => {
  expect(isJson(text)).toBe(false);
  expect(formatJson(text)).toBeNull();
});
