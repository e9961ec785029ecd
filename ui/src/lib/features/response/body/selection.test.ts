import { beforeEach, describe, expect, it } from 'vitest';
import { selectedLines, selectedText } from './selection';

const lines = ['{', '  "id": 1,', '', '}'];
let rows: HTMLElement;

beforeEach(() => {
  document.body.innerHTML = '<p>before</p><div></div><p>after</p>';
  rows = document.querySelector('div') as HTMLElement;
  lines.forEach((line, index) => {
    const row = document.createElement('div');
    row.dataset.line = String(index);
    const half = Math.floor(line.length / 2);
    row.append(document.createElement('span'), line.slice(half));
    (row.firstChild as HTMLElement).textContent = line.slice(0, half);
    rows.append(row);
  });
});

const row = (index: number) => rows.children[index] as HTMLElement;
const select = (from: [Node, number], to: [Node, number]) => {
  const selection = document.getSelection() as Selection;
  selection.setBaseAndExtent(...from, ...to);
  return selection;
};
const text = (selection: Selection) => selectedText(selection, rows, (line) => lines[line] as string);

describe('the selected text', () => {
  it('is cut inside its first and last line', () => {
    const selection = select([row(0).lastChild as Node, 0], [row(1).lastChild as Node, 2]);
    expect(text(selection)).toBe('{\n  "id":');
    expect(selectedLines(selection, rows)).toEqual({ from: 0, to: 1 });
  });

  it('keeps empty lines', () => {
    expect(text(select([rows, 1], [rows, 4]))).toBe('  "id": 1,\n\n}');
  });

  it('ends where the lines end when the selection goes on', () => {
    const after = document.querySelectorAll('p')[1] as Node;
    expect(text(select([row(3), 0], [after, 1]))).toBe('}');
  });

  it('is none elsewhere', () => {
    const before = document.querySelector('p')?.firstChild as Node;
    expect(text(select([before, 0], [before, 3]))).toBeNull();
    expect(selectedLines(null, rows)).toBeNull();
  });
});
