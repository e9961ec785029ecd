import { describe, expect, it } from 'vitest';
import { markFound, tokenize } from './tokens';

const kinds = (line: string, language: 'json' | 'xml' | 'plain'): string[] =>
  tokenize(line, language)
    .filter((token) => token.kind !== 'plain')
    .map((token) => `${token.kind} ${token.text.trim()}`);

describe('tokenize', () => {
  it.each([
    ['  "id": 1,', ['key "id"', 'mark :', 'number 1', 'mark ,']],
    ['"a \\" b": "c: 1",', ['key "a \\" b"', 'mark :', 'string "c: 1"', 'mark ,']],
    ['"big": 12345678901234567890e-3', ['key "big"', 'mark :', 'number 12345678901234567890e-3']],
    ['[true, null]', ['mark [', 'word true', 'mark ,', 'word null', 'mark ]']],
  ])('colours %s', (line, expected) => expect(kinds(line, 'json')).toEqual(expected));

  it('colours XML', () => {
    expect(kinds('<a:b c="1" d=\'x\'>text</a:b><!-- note', 'xml')).toEqual([
      'mark <',
      'tag a:b',
      'name c',
      'mark =',
      'string "1"',
      'name d',
      'mark =',
      "string 'x'",
      'mark >',
      'mark </',
      'tag a:b',
      'mark >',
      'comment <!-- note',
    ]);
  });

  it.each(['{"a":[1,{"b":"\\u00e4"}]}', '<p class="x">&amp; <b/></p>', '"unclosed', 'x'.repeat(9000), ''])(
    'loses nothing of %s',
    (line) => {
      for (const language of ['json', 'xml', 'plain'] as const) {
        expect(
          tokenize(line, language)
            .map((token) => token.text)
            .join(''),
        ).toBe(line);
      }
    },
  );

  it('leaves a very long line in one piece', () => expect(tokenize('1,'.repeat(5000), 'json')).toHaveLength(1));
});

describe('marking what was found', () => {
  it('works across tokens and whatever the case', () => {
    const marked = markFound(tokenize('"Id": 1, "ID": 2', 'json'), 'id": ');
    expect(marked.map((token) => token.text).join('')).toBe('"Id": 1, "ID": 2');
    expect(
      marked
        .filter((token) => token.found)
        .map((token) => token.text)
        .join(''),
    ).toBe('Id": ID": ');
  });

  it('marks nothing where nothing is looked for', () => {
    expect(markFound(tokenize('"a"', 'json'), '').some((token) => token.found)).toBe(false);
  });
});
