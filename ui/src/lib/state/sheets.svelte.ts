/** Which dialog stands over the window; one at a time. */
import type { RequestTab } from './request-tab.svelte';

export interface Question {
  title: string;
  text: string;
  /** The answers; the safe one has the focus. */
  answers: { id: string; label: string; tone?: 'filled' | 'danger' | 'outline'; safe?: boolean }[];
}

export type Sheet =
  | { kind: 'palette'; mode: 'all' | 'requests' }
  | { kind: 'save'; tab: RequestTab; then: (() => void) | null }
  | { kind: 'question'; question: Question; answer: (id: string | null) => void }
  | { kind: 'newCollection' }
  | { kind: 'defaults'; collection: string; path: string }
  | { kind: 'environments'; collection: string; name: string | null }
  | { kind: 'move'; collection: string; path: string }
  | { kind: 'settings' }
  | { kind: 'keys' }
  | { kind: 'connectPool'; pool: string | null; address: string }
  | { kind: 'addIdentity' }
  | { kind: 'identity'; identity: string }
  | { kind: 'inspectToken' };

export class Sheets {
  #open = $state.raw<Sheet | null>(null);

  get open(): Sheet | null {
    return this.#open;
  }

  show(sheet: Sheet): void {
    this.close();
    this.#open = sheet;
  }

  close(): void {
    const sheet = this.#open;
    this.#open = null;
    if (sheet?.kind === 'question') sheet.answer(null);
  }

  /** Asks, and gives the answer's id; null where the dialog was closed without one. */
  ask(question: Question): Promise<string | null> {
    return new Promise((resolve) => {
      this.show({
        kind: 'question',
        question,
        answer: (id) => {
          if (this.#open?.kind === 'question' && this.#open.question === question) this.#open = null;
          resolve(id);
        },
      });
    });
  }
}
