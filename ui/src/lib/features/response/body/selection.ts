/** What is selected among lines that stand on the page as elements with `data-line`. */

interface Point {
  line: number;
  column: number;
}

/** Gives the first and last selected line; null where nothing of these rows is selected. */
export function selectedLines(selection: Selection | null, rows: HTMLElement): { from: number; to: number } | null {
  const ends = endsOf(selection, rows);
  return ends && { from: ends.start.line, to: ends.end.line };
}

/** Gives the selected text as the lines have it; null where nothing of these rows is selected. */
export function selectedText(
  selection: Selection | null,
  rows: HTMLElement,
  line: (index: number) => string,
): string | null {
  const ends = endsOf(selection, rows);
  if (!ends) return null;
  const { start, end } = ends;
  if (start.line === end.line) return line(start.line).slice(start.column, end.column);
  const texts = [line(start.line).slice(start.column)];
  for (let index = start.line + 1; index < end.line; index += 1) texts.push(line(index));
  texts.push(line(end.line).slice(0, end.column));
  return texts.join('\n');
}

function endsOf(selection: Selection | null, rows: HTMLElement): { start: Point; end: Point } | null {
  if (!selection || selection.isCollapsed || selection.rangeCount === 0) return null;
  const range = selection.getRangeAt(0);
  if (!range.intersectsNode(rows)) return null;
  const start = pointOf(range.startContainer, range.startOffset, rows, 'first');
  const end = pointOf(range.endContainer, range.endOffset, rows, 'last');
  return start && end ? { start, end } : null;
}

function pointOf(node: Node, offset: number, rows: HTMLElement, outside: 'first' | 'last'): Point | null {
  const element = node instanceof Element ? node : node.parentElement;
  const row = element?.closest<HTMLElement>('[data-line]');
  if (row && rows.contains(row)) {
    const before = document.createRange();
    before.setStart(row, 0);
    before.setEnd(node, offset);
    return { line: Number(row.dataset.line), column: before.toString().length };
  }
  const all = rows.querySelectorAll<HTMLElement>(':scope > [data-line]');
  if (node === rows) {
    const before = all[offset - 1];
    const at = all[offset];
    if (at) return { line: Number(at.dataset.line), column: 0 };
    if (before) return { line: Number(before.dataset.line), column: before.textContent.length };
  }
  const edge = outside === 'first' ? all[0] : all[all.length - 1];
  if (!edge) return null;
  return { line: Number(edge.dataset.line), column: outside === 'first' ? 0 : edge.textContent.length };
}
