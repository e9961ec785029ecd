import { describe, expect, it } from 'vitest';
import { stretches, variableChoices, wordChoices } from './variables';

const variables = ['invokeUrl', 'token', 'petUrl'].map((name) => ({ name, value: 'v', secret: false, source: 'dev' }));

describe('stretches', () => {
  it('cut the text at its variables and lose nothing', () => {
    const text = '{{ invokeUrl }}/pets/{{id}}?a={{}}&b={{open';
    const cut = stretches(text);
    expect(cut.map((stretch) => stretch.text).join('')).toBe(text);
    expect(cut.flatMap((stretch) => stretch.variable ?? [])).toEqual(['invokeUrl', 'id']);
  });
});

describe('variable choices', () => {
  it('are offered inside open braces, those that begin so first', () => {
    expect(variableChoices('{{', 2, variables)?.options.length).toBe(3);
    expect(variableChoices('a/{{url', 7, variables)?.options.map((option) => option.label)).toEqual([
      'invokeUrl',
      'petUrl',
    ]);
    expect(variableChoices('a/{{pet', 7, variables)).toMatchObject({ from: 2, to: 7 });
  });

  it('take the place of braces that are closed already', () => {
    expect(variableChoices('{{tok}}/x', 5, variables)).toMatchObject({ from: 0, to: 7 });
  });

  it.each([
    ['{{token}}', 9],
    ['plain', 5],
    ['{', 1],
    ['{{nothing', 9],
  ])('are not offered in %s', (text, caret) => expect(variableChoices(text, caret, variables)).toBeNull());
});

it('words are offered while one is being typed', () => {
  const words = ['Accept', 'Content-Type', 'Accept-Language'];
  expect(wordChoices('acc', words)?.options.map((option) => option.insert)).toEqual(['Accept', 'Accept-Language']);
  expect(wordChoices('accept-language', words)).toBeNull();
  expect(wordChoices('', words)).toBeNull();
});
