/** The first steps with the sandbox, ticked off as they are taken. */
import type { Answer } from '$lib/bridge/types';

export const steps = [
  { id: 'signIn', title: 'Sign in' },
  { id: 'refused', title: 'Call without a token' },
  { id: 'passed', title: 'Call with it' },
  { id: 'saved', title: 'Save the request' },
] as const;

export type Step = (typeof steps)[number]['id'];

export class Guide {
  #done = $state.raw<readonly Step[]>([]);
  #shown = $state(false);

  get shown(): boolean {
    return this.#shown && this.#done.length < steps.length;
  }

  get done(): readonly Step[] {
    return this.#done;
  }

  get next(): Step | null {
    return steps.find((step) => !this.#done.includes(step.id))?.id ?? null;
  }

  begin(): void {
    this.#shown = true;
  }

  dismiss(): void {
    this.#shown = false;
  }

  note(step: Step): void {
    if (this.#shown && !this.#done.includes(step)) this.#done = [...this.#done, step];
  }

  answered(answer: Answer): void {
    const last = answer.exchange.hops.at(-1);
    const status = last?.status ?? 0;
    if (status === 401 || status === 403) this.note('refused');
    const tokened = last?.sentHeaders.some((header) => header.origin === 'token') ?? false;
    if (status >= 200 && status < 300 && tokened) this.note('passed');
  }
}
