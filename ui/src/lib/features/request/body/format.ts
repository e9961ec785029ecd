/**
 * Indents JSON without reading it into values, so that no number, escape or key order changes.
 */

const TOKEN = /"(?:[^"\\]|\\.)*"|\{\{[^{}]*\}\}|[{}[\],:]|[^\s{}[\],:"]+/g;

/** Tells whether the text is JSON once every `{{variable}}` outside of strings stands for a value. */
export function isJson(text: string): boolean {
  const filled = text.replace(/"(?:[^"\\]|\\.)*"|\{\{[^{}]*\}\}/g, (token) => (token.startsWith('{{') ? '0' : token));
  try {
    JSON.parse(filled);
    return true;
  } catch {
    return false;
  }
}

/** Gives the JSON text indented by two blanks; null where it is not JSON. */
export function formatJson(text: string): string | null {
  if (!isJson(text)) return null;
  const tokens = text.match(TOKEN) ?? [];
  let depth = 0;
  let written = '';
  const line = (): string => `\n${'  '.repeat(depth)}`;
  tokens.forEach((token, index) => {
    const next = tokens[index + 1];
    if (token === '{' || token === '[') {
      const empty = next === '}' || next === ']';
      depth += 1;
      written += empty ? token : token + line();
    } else if (token === '}' || token === ']') {
      depth -= 1;
      const empty = tokens[index - 1] === '{' || tokens[index - 1] === '[';
      written += empty ? token : line() + token;
    } else if (token === ',') {
      written += token + line();
    } else {
      written += token === ':' ? ': ' : token;
    }
  });
  return written;
}
