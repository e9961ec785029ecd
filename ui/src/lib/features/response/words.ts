import type { Answer, BodyKind, Gate, HeaderOrigin, Hop, Outcome, Fix, Renewal, Timings } from '$lib/bridge/types';

/** Writes a size: `184 B`, `3.1 KB`, `12 MB`. */
export function sizeWords(amount: number | null): string {
  const bytes = amount ?? 0;
  if (bytes < 1000) return `${bytes} B`;
  const units = ['KB', 'MB', 'GB'];
  let size = bytes / 1000;
  let unit = 0;
  while (size >= 999.5 && unit < units.length - 1) {
    size /= 1000;
    unit += 1;
  }
  return `${size < 9.95 ? size.toFixed(1) : Math.round(size)} ${units[unit]}`;
}

/** Writes a duration: `0.4 ms`, `142 ms`, `2.41 s`, `1 min 5 s`. */
export function durationWords(duration: number | null): string {
  const milliseconds = duration ?? 0;
  if (milliseconds < 9.95) return `${Number(milliseconds.toFixed(1))} ms`;
  if (milliseconds < 999.5) return `${Math.round(milliseconds)} ms`;
  if (milliseconds < 59_995) return `${(milliseconds / 1000).toFixed(2)} s`;
  const seconds = Math.round(milliseconds / 1000);
  return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

/** The colour that a status has. */
export type Tone = 'ok' | 'warn' | 'bad' | 'plain';

/** Gives the colour of a status. */
export function statusTone(status: number): Tone {
  if (status >= 400) return 'bad';
  if (status >= 300) return 'warn';
  return status >= 200 ? 'ok' : 'plain';
}

/** Writes a status: `200 OK`. */
export function statusWords(hop: Pick<Hop, 'status' | 'reason'>): string {
  return hop.reason ? `${hop.status} ${hop.reason}` : String(hop.status);
}

/** Gives the hop whose answer is shown. */
export function lastHop(answer: Answer): Hop {
  const hop = answer.exchange.hops.at(-1);
  if (!hop) throw new Error('an exchange has at least one hop');
  return hop;
}

/** Writes what a screen reader says when an answer comes: `200 OK, 142 ms, 3.1 KB, sent as grace`. */
export function announcement(answer: Answer, sentAs: string | null): string {
  const { totalMs, body } = answer.exchange;
  const facts = [statusWords(lastHop(answer)), durationWords(totalMs), sizeWords(body.bytes)];
  if (sentAs !== null) facts.push(`sent as ${sentAs}`);
  if (answer.renewal !== null) facts.push(renewalWords[answer.renewal]);
  if (answer.notRenewed !== null) facts.push('token not renewed');
  return facts.join(', ');
}

/** Says when the token was renewed for an answer. */
export const renewalWords: Record<Renewal, string> = {
  beforeSend: 'Token renewed before sending',
  afterRefusal: 'The API said the token had expired: renewed and sent again',
};

/** Writes the answer's media type. */
export function mediaWords(answer: Answer): string {
  return answer.exchange.body.mediaType || ((answer.exchange.body.bytes ?? 0) > 0 ? 'no media type' : 'no content');
}

/** The phases of a hop in their order. */
export type PhaseName = 'dns' | 'connect' | 'tls' | 'wait' | 'download';

/** A phase of a hop. */
export interface Phase {
  name: PhaseName;
  label: string;
  note: string;
  milliseconds: number;
}

const PHASES: [PhaseName, string, string][] = [
  ['dns', 'Looking up the host', 'DNS'],
  ['connect', 'Connecting', 'TCP'],
  ['tls', 'Agreeing on encryption', 'TLS'],
  ['wait', 'Waiting for the first byte', 'the gateway and what stands behind it'],
  ['download', 'Receiving', 'first byte to last'],
];

/** Gives the phases that took place. */
export function phasesOf(timings: Timings): Phase[] {
  return PHASES.flatMap(([name, label, note]) => {
    const milliseconds = timings[name];
    return milliseconds === null ? [] : [{ name, label, note, milliseconds }];
  });
}

/** Gives the phases of all hops, added up. */
export function phasesOfAll(hops: Hop[]): Phase[] {
  const sums = new Map<PhaseName, Phase>();
  for (const phase of hops.flatMap((hop) => phasesOf(hop.timings))) {
    const sum = sums.get(phase.name);
    sums.set(phase.name, sum ? { ...sum, milliseconds: sum.milliseconds + phase.milliseconds } : phase);
  }
  return PHASES.flatMap(([name]) => sums.get(name) ?? []);
}

/** Names a gate. */
export const gateWords: Record<Gate, string> = {
  route: 'Route',
  authorizer: 'Authorizer',
  apiKey: 'API key',
  usagePlan: 'Usage plan',
  validator: 'Validator',
  integration: 'Integration',
};

/** Says how a gate's check went. */
export const outcomeWords: Record<Outcome, string> = {
  passed: 'passed',
  refused: 'refused',
  notReached: 'not reached',
  unknown: 'not known',
};

/** Says what a fix does. */
export function fixWords(fix: Fix): string {
  switch (fix.kind) {
    case 'sendTokenIn':
      return `Send it in ${fix.header}`;
    case 'attachToken':
      return 'Send a token';
    case 'sendOtherToken':
      return fix.token === 'id' ? 'Send the ID token' : 'Send the access token';
    case 'dropPrefix':
      return 'Send it without the prefix';
    case 'signInAgain':
      return 'Sign in and send';
    case 'addApiKey':
      return 'Add the API key';
    case 'sendAgain':
      return 'Send again';
    case 'editUrl':
      return 'Check the URL';
  }
}

/** Says who added a header. */
export const originWords: Record<HeaderOrigin, string> = {
  typed: '',
  token: 'from Auth, token',
  apiKey: 'from Auth, API key',
  body: 'from the body',
  wire: 'added on the wire',
};

/** Names what content is, where it has no lines to show. */
export const kindWords: Record<BodyKind, string> = {
  empty: 'nothing',
  json: 'JSON',
  xml: 'XML',
  html: 'HTML',
  text: 'text',
  image: 'a picture',
  binary: 'binary',
};

/** Cuts text at its backquotes: every second piece is code. */
export function codePieces(text: string): { text: string; code: boolean }[] {
  return text
    .split('`')
    .map((piece, index) => ({ text: piece, code: index % 2 === 1 }))
    .filter((piece) => piece.text !== '');
}
