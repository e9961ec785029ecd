import type { BodySummary, Failure, Hop, Renewal, Timings, Verdict } from '$lib/bridge/types';

import type { SentAnswer } from './state';

/** Makes a hop for a test. */
export function hopOf(timings: Partial<Timings> = {}): Hop {
  return {
    method: 'GET',
    url: 'https://api.test/pets',
    sentHeaders: [{ name: 'host', value: 'api.test', secret: false, origin: 'wire' }],
    sentBody: { bytes: null, preview: null },
    withheld: [],
    status: 200,
    reason: 'OK',
    httpVersion: 'HTTP/2',
    headers: [{ name: 'content-type', value: 'application/json' }],
    remote: '127.0.0.1:443',
    tls: 'TLS 1.3',
    timings: { dns: 1, connect: 2, tls: 8, wait: 20, download: 3, ...timings },
  };
}

interface AnswerFacts {
  id?: number;
  status?: number;
  reason?: string;
  url?: string;
  totalMs?: number;
  text?: string;
  body?: Partial<BodySummary>;
  verdict?: Verdict | null;
  renewal?: Renewal | null;
  notRenewed?: Failure | null;
  sentAs?: string | null;
  named?: boolean;
  hops?: Hop[];
}

/** Makes an answer for a test. */
export function answerOf(facts: AnswerFacts = {}): SentAnswer {
  const text = facts.text ?? '{\n  "message": "hello"\n}';
  const lines = text === '' ? 0 : text.split('\n').length;
  const last = { ...hopOf(), status: facts.status ?? 200, reason: facts.reason ?? 'OK', url: facts.url ?? hopOf().url };
  return {
    id: facts.id ?? 1,
    exchange: {
      hops: facts.hops ?? [last],
      totalMs: facts.totalMs ?? 38,
      body: {
        kind: 'json',
        mediaType: 'application/json',
        bytes: new TextEncoder().encode(text).length,
        wireBytes: null,
        contentEncoding: null,
        rawLines: 1,
        prettyLines: lines,
        ...facts.body,
      },
      sentAtMs: 0,
    },
    verdict: facts.verdict ?? null,
    renewal: facts.renewal ?? null,
    notRenewed: facts.notRenewed ?? null,
    sentAs: facts.sentAs ?? null,
    named: facts.named ?? false,
    firstLines: text,
  };
}
