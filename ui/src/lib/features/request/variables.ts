import type { VariableFact } from './facts';

/** A stretch of text: plain, or a variable in its braces. */
export interface Stretch {
  text: string;
  /** The name between the braces; null for plain text. */
  variable: string | null;
}

/** Cuts text at its `{{variables}}`. */
export function stretches(text: string): Stretch[] {
  const found: Stretch[] = [];
  let from = 0;
  for (const match of text.matchAll(/\{\{\s*([^{}\s][^{}]*?)\s*\}\}/g)) {
    if (match.index > from) found.push({ text: text.slice(from, match.index), variable: null });
    found.push({ text: match[0], variable: match[1] ?? '' });
    from = match.index + match[0].length;
  }
  if (from < text.length) found.push({ text: text.slice(from), variable: null });
  return found;
}

/** A choice that completes what is being typed. */
export interface Choice {
  /** What the list shows. */
  label: string;
  detail: string;
  /** What takes the place of the text between `from` and `to`. */
  insert: string;
}

/** Choices for a stretch of the text. */
export interface Choices {
  from: number;
  to: number;
  options: Choice[];
}

const byPrefixFirst =
  (typed: string) =>
  (one: string, other: string): number =>
    Number(other.toLowerCase().startsWith(typed)) - Number(one.toLowerCase().startsWith(typed));

/** Gives the variables that complete an open `{{` before the caret; null where there is none. */
export function variableChoices(text: string, caret: number, variables: VariableFact[]): Choices | null {
  const open = text.lastIndexOf('{{', Math.max(0, caret - 2));
  if (open < 0 || open + 2 > caret) return null;
  const typed = text.slice(open + 2, caret);
  if (/[{}]/.test(typed)) return null;
  const wanted = typed.trim().toLowerCase();
  const names = variables.filter((variable) => variable.name.toLowerCase().includes(wanted));
  const rest = text.slice(caret);
  const closing = /^[^{}]*\}\}/.exec(rest);
  const to = closing ? caret + closing[0].length : caret;
  names.sort((one, other) => byPrefixFirst(wanted)(one.name, other.name));
  const options = names.slice(0, 50).map((variable) => ({
    label: variable.name,
    detail: variable.secret ? 'secret' : variable.value || variable.source,
    insert: `{{${variable.name}}}`,
  }));
  return options.length > 0 ? { from: open, to, options } : null;
}

/** Gives the words of a list that complete the whole text. */
export function wordChoices(text: string, words: readonly string[]): Choices | null {
  const typed = text.trim().toLowerCase();
  if (typed === '') return null;
  const fitting = words.filter((word) => word.toLowerCase().includes(typed) && word.toLowerCase() !== typed);
  fitting.sort(byPrefixFirst(typed));
  if (fitting.length === 0) return null;
  const options = fitting.slice(0, 12).map((word) => ({ label: word, detail: '', insert: word }));
  return { from: 0, to: text.length, options };
}
