/**
 * Colours a line at a time, without knowledge of its neighbours.
 *
 * No token of JSON spans lines. In XML and HTML a comment or a long tag that does is left plain from its second line on.
 */

/** What a stretch of a line is. */
export type TokenKind = 'key' | 'string' | 'number' | 'word' | 'mark' | 'tag' | 'name' | 'comment' | 'plain';

/** A stretch of a line. */
export interface Token {
  kind: TokenKind;
  text: string;
}

/** Languages that have colours. */
export type Language = 'json' | 'xml' | 'plain';

/** Lines longer than this stay plain: a web view pays for every stretch. */
const LONGEST = 5_000;

const JSON_TOKEN = /("(?:[^"\\]|\\.)*")(\s*:)?|(-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)|\b(true|false|null)\b|([{}[\],:]+)/g;
const XML_TOKEN = /(<!--.*?(?:-->|$))|(<[/!?]?)([\w:.-]+)|([\w:.-]+)(=)("[^"]*"|'[^']*')|([/?]?>)/g;

/** Cuts a line into coloured stretches; together they are the line. */
export function tokenize(line: string, language: Language): Token[] {
  if (language === 'plain' || line.length > LONGEST) return line === '' ? [] : [{ kind: 'plain', text: line }];
  return language === 'json' ? scan(line, JSON_TOKEN, jsonTokens) : scan(line, XML_TOKEN, xmlTokens);
}

function scan(line: string, pattern: RegExp, read: (match: RegExpMatchArray) => Token[]): Token[] {
  const tokens: Token[] = [];
  let from = 0;
  for (const match of line.matchAll(pattern)) {
    if (match.index > from) tokens.push({ kind: 'plain', text: line.slice(from, match.index) });
    tokens.push(...read(match));
    from = match.index + match[0].length;
  }
  if (from < line.length) tokens.push({ kind: 'plain', text: line.slice(from) });
  return tokens;
}

function jsonTokens(match: RegExpMatchArray): Token[] {
  const [all, text, colon, number, word] = match;
  if (text !== undefined) {
    if (colon === undefined) return [{ kind: 'string', text }];
    return [
      { kind: 'key', text },
      { kind: 'mark', text: colon },
    ];
  }
  if (number !== undefined) return [{ kind: 'number', text: number }];
  return [{ kind: word === undefined ? 'mark' : 'word', text: all }];
}

function xmlTokens(match: RegExpMatchArray): Token[] {
  const [all, comment, open, tag, name, equals, value] = match;
  if (comment !== undefined) return [{ kind: 'comment', text: comment }];
  if (open !== undefined) {
    return [
      { kind: 'mark', text: open },
      { kind: 'tag', text: tag ?? '' },
    ];
  }
  if (name !== undefined) {
    return [
      { kind: 'name', text: name },
      { kind: 'mark', text: equals ?? '' },
      { kind: 'string', text: value ?? '' },
    ];
  }
  return [{ kind: 'mark', text: all }];
}

/** A stretch of a line that is, or is not, what was looked for. */
export interface FoundToken extends Token {
  found: boolean;
}

/** Marks what was looked for, whatever its case, across the borders of tokens. */
export function markFound(tokens: Token[], wanted: string): FoundToken[] {
  if (wanted === '') return tokens.map((token) => ({ ...token, found: false }));
  const line = tokens.map((token) => token.text).join('');
  const lower = line.toLowerCase();
  const needle = wanted.toLowerCase();
  const borders: number[] = [];
  for (let at = lower.indexOf(needle); at >= 0; at = lower.indexOf(needle, at + needle.length)) {
    borders.push(at, at + needle.length);
  }
  const marked: FoundToken[] = [];
  let start = 0;
  for (const token of tokens) {
    const end = start + token.text.length;
    const cuts = [start, ...borders.filter((border) => border > start && border < end), end];
    for (let index = 0; index + 1 < cuts.length; index += 1) {
      const from = cuts[index] as number;
      const found = borders.filter((border) => border <= from).length % 2 === 1;
      marked.push({ kind: token.kind, text: line.slice(from, cuts[index + 1]), found });
    }
    start = end;
  }
  return marked;
}
