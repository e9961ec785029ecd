/** What the rows of every table of names and values have. */
export interface Row {
  name: string;
  value: string;
  disabled: boolean;
}

/** A line that was pasted, or stands in the bulk editor. */
export interface Line {
  name: string;
  value: string;
  disabled: boolean;
}

const SEPARATORS = { ':': /^([^:]*?)\s*:\s?(.*)$/, '=': /^([^=]*?)\s*=\s?(.*)$/ } as const;

/** The sign between name and value in the bulk editor. */
export type Separator = keyof typeof SEPARATORS;

/** Writes rows as lines; `// ` marks one that is switched off. */
export function linesOf(rows: readonly Row[], separator: Separator): string {
  const between = separator === ':' ? ': ' : '=';
  return rows.map((row) => `${row.disabled ? '// ' : ''}${row.name}${between}${row.value}`).join('\n');
}

/** Reads lines of the bulk editor or the clipboard. */
export function readLines(text: string, separator: Separator): Line[] {
  return text
    .split(/\r\n|\r|\n/)
    .filter((line) => line.trim() !== '')
    .map((line) => {
      const disabled = /^\s*\/\/ ?/.test(line);
      const content = disabled ? line.replace(/^\s*\/\/ ?/, '') : line;
      const parts = SEPARATORS[separator].exec(content);
      return { name: (parts ? (parts[1] ?? '') : content).trim(), value: parts?.[2] ?? '', disabled };
    });
}

/** Tells whether a paste is a list of rows rather than a single text. */
export function isList(text: string): boolean {
  return readLines(text, ':').length > 1;
}

/** Reads a paste into rows, whichever separator it uses. */
export function readPaste(text: string, preferred: Separator): Line[] {
  const other: Separator = preferred === ':' ? '=' : ':';
  const lines = readLines(text, preferred);
  return lines.every((line) => line.value !== '' || line.name.endsWith(preferred)) ? lines : better(lines, text, other);
}

function better(lines: Line[], text: string, other: Separator): Line[] {
  const otherwise = readLines(text, other);
  const valued = (list: Line[]): number => list.filter((line) => line.value !== '').length;
  return valued(otherwise) > valued(lines) ? otherwise : lines;
}

/** Gives rows for lines, keeping the row itself, with its note, where name and value are the same. */
export function merged<T extends Row>(lines: readonly Line[], rows: readonly T[], make: (line: Line) => T): T[] {
  const left = [...rows];
  return lines.map((line) => {
    const same = left.findIndex((row) => row.name === line.name && row.value === line.value);
    if (same < 0) return make(line);
    const [row] = left.splice(same, 1) as [T];
    return row.disabled === line.disabled ? row : { ...row, disabled: line.disabled };
  });
}
