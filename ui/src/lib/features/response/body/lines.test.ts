import { describe, expect, it } from 'vitest';
import { blocksFor, lineAt, scrollOf, splitLines, TALLEST, windowAt } from './lines';

describe('a short text', () => {
  it('is rendered whole', () => {
    expect(windowAt(0, 500, 17, 19)).toEqual({ first: 0, count: 17, top: 0, height: 17 * 19 });
  });

  it('that is empty renders nothing', () => {
    expect(windowAt(0, 500, 0, 19)).toMatchObject({ count: 0, height: 0 });
    expect(blocksFor(0, 0)).toEqual([]);
  });
});

describe('a long text', () => {
  it('renders what is seen and a margin', () => {
    const { first, count, top } = windowAt(19_000, 380, 5_000, 19);
    expect([first, count, top]).toEqual([990, 41, 990 * 19]);
  });

  it('ends at its last line', () => {
    const { first, count } = windowAt(5_000 * 19 - 380, 380, 5_000, 19);
    expect(first + count).toBe(5_000);
  });
});

describe('a text taller than a web view can scroll', () => {
  const lines = 10_000_000;

  it('reaches its first and its last line', () => {
    expect(windowAt(0, 380, lines, 19)).toMatchObject({ first: 0, height: TALLEST });
    const end = windowAt(TALLEST - 380, 380, lines, 19);
    expect(end.first + end.count).toBe(lines);
    expect(end.top + end.count * 19).toBeCloseTo(TALLEST, 0);
  });

  it.each([0, 1, 4_999_999.5, 9_999_980])('comes back to line %d', (line) => {
    expect(lineAt(scrollOf(line, 380, lines, 19), 380, lines, 19)).toBeCloseTo(line, 3);
  });

  it('shows the line at the upper edge where the scroll is', () => {
    const scroll = scrollOf(5_000_000, 380, lines, 19);
    const { first, top } = windowAt(scroll, 380, lines, 19);
    expect(top + (5_000_000 - first) * 19).toBeCloseTo(scroll, 1);
  });
});

it('blocks cover the lines asked for', () => {
  expect(blocksFor(0, 200)).toEqual([0]);
  expect(blocksFor(199, 2)).toEqual([0, 1]);
  expect(blocksFor(990, 41)).toEqual([4, 5]);
});

it('lines are cut as an editor cuts them', () => {
  expect(splitLines('a\r\nb\n\nc')).toEqual(['a', 'b', '', 'c']);
  expect(splitLines('a\n')).toEqual(['a']);
  expect(splitLines('')).toEqual([]);
});
