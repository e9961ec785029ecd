const SEND = 'gatepass-send';
const PAINTED = 'gatepass-body-painted';

/** Notes the instant at which the user asked for a send. */
export function markSend(): void {
  performance.clearMarks(SEND);
  performance.mark(SEND);
}

/** Notes the instant at which an answer's content is on the screen, and measures from the send. */
export function markPainted(): void {
  performance.clearMarks(PAINTED);
  performance.mark(PAINTED);
  if (performance.getEntriesByName(SEND, 'mark').length === 0) return;
  performance.measure('send-to-screen', SEND, PAINTED);
  performance.clearMarks(SEND);
}

/** Calls back when what was just rendered is on the screen. */
export function afterPaint(callback: () => void): () => void {
  let frame = requestAnimationFrame(() => {
    frame = requestAnimationFrame(callback);
  });
  return () => cancelAnimationFrame(frame);
}
