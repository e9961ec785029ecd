/** Failures as the window handles them, without a word of Tauri. */
import type { Code, Failure } from './types';

export class BridgeFailure extends Error implements Failure {
  readonly code: Code;
  readonly hint: string;
  readonly causes: string[];

  constructor(failure: Failure) {
    super(failure.message);
    this.name = 'BridgeFailure';
    this.code = failure.code;
    this.hint = failure.hint;
    this.causes = failure.causes;
  }

  toFailure(): Failure {
    return { code: this.code, message: this.message, hint: this.hint, causes: this.causes };
  }
}

/** Reads anything that was thrown as a failure: a fault of Gatepass itself where it is none of Rust's. */
export function asFailure(error: unknown): Failure {
  if (error instanceof BridgeFailure) return error.toFailure();
  if (isFailure(error)) return error;
  const message = error instanceof Error ? error.message : String(error);
  return { code: 'internal', message, hint: '', causes: [] };
}

/** Says in a line what was thrown: what happened, and what to do. */
export function failureLine(error: unknown): string {
  const { message, hint } = asFailure(error);
  return [message, hint].filter(Boolean).join(' ');
}

function isFailure(value: unknown): value is Failure {
  return typeof value === 'object' && value !== null && 'code' in value && 'message' in value && 'causes' in value;
}
