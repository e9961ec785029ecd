/** How a method is shown: the colours of the look, short words where a long one does not fit. */
export type MethodTone = 'get' | 'post' | 'put' | 'delete' | 'other';

const tones: Record<string, MethodTone> = { GET: 'get', POST: 'post', PUT: 'put', PATCH: 'put', DELETE: 'delete' };
const short: Record<string, string> = { DELETE: 'DEL', OPTIONS: 'OPT', CONNECT: 'CONN' };

export function methodTone(method: string): MethodTone {
  return tones[method.toUpperCase()] ?? 'other';
}

export function shortMethod(method: string): string {
  return short[method] ?? (method.length > 5 ? `${method.slice(0, 4)}…` : method);
}
