/** Arithmetic of a view that shows a few of many lines of one height. */

/** Lines that are asked for together. */
export const BLOCK = 200;

/** The height in CSS pixels beyond which web views stop scrolling rightly. */
export const TALLEST = 8_000_000;

/** What a view shows. */
export interface Window {
  /** The first line that is rendered, counted from 0. */
  first: number;
  /** How many are rendered. */
  count: number;
  /** Where the first stands in the scrolled content, in CSS pixels. */
  top: number;
  /** The height of the scrolled content. */
  height: number;
}

/** Gives the height of the scrolled content: the true one, or the tallest that works. */
export function contentHeight(lines: number, lineHeight: number): number {
  return Math.min(lines * lineHeight, TALLEST);
}

/**
 * Gives the lines to render.
 *
 * Where the true height is more than works, the scroll position is a share of the content rather than a place in it.
 */
export function windowAt(scroll: number, viewport: number, lines: number, lineHeight: number, margin = 10): Window {
  const height = contentHeight(lines, lineHeight);
  const shown = Math.ceil(viewport / lineHeight) + 1;
  const line = lineAt(scroll, viewport, lines, lineHeight);
  const first = Math.max(0, Math.floor(line) - margin);
  const count = Math.max(0, Math.min(lines, Math.floor(line) + shown + margin) - first);
  const top = height === lines * lineHeight ? first * lineHeight : scroll - (line - first) * lineHeight;
  return { first, count, top, height };
}

/** Gives the line, with its fraction, at the upper edge. */
export function lineAt(scroll: number, viewport: number, lines: number, lineHeight: number): number {
  const height = contentHeight(lines, lineHeight);
  if (height === lines * lineHeight) return Math.max(0, scroll) / lineHeight;
  const share = Math.min(1, Math.max(0, scroll / Math.max(1, height - viewport)));
  return share * Math.max(0, lines - viewport / lineHeight);
}

/** Gives the scroll position that has a line at the upper edge. */
export function scrollOf(line: number, viewport: number, lines: number, lineHeight: number): number {
  const height = contentHeight(lines, lineHeight);
  const last = Math.max(0, height - viewport);
  if (height === lines * lineHeight) return Math.min(last, Math.max(0, line * lineHeight));
  return Math.min(1, Math.max(0, line / Math.max(1, lines - viewport / lineHeight))) * last;
}

/** Gives the blocks that hold these lines. */
export function blocksFor(first: number, count: number): number[] {
  if (count <= 0) return [];
  const from = Math.floor(first / BLOCK);
  const to = Math.floor((first + count - 1) / BLOCK);
  return Array.from({ length: to - from + 1 }, (_, index) => from + index);
}

/** Cuts text into its lines; a line break at the very end begins no line of its own. */
export function splitLines(text: string): string[] {
  if (text === '') return [];
  const lines = text.split('\n').map((line) => (line.endsWith('\r') ? line.slice(0, -1) : line));
  if (lines.at(-1) === '') lines.pop();
  return lines;
}
