/** Which dialog stands over the window: one sheet at a time, and perhaps a question over it. */
import { SvelteMap } from 'svelte/reactivity';
import type { PoolForm } from '$lib/features/pools/pool-form.svelte';
import type { RequestTab } from './requests/request-tab.svelte';

export interface Question {
  title: string;
  text: string;
  /** The answers; the safe one has the focus. */
  answers: { id: string; label: string; tone?: 'filled' | 'danger' | 'outline'; safe?: boolean }[];
}

export interface ConnectPoolSheet {
  kind: 'connectPool';
  /** The pool to change; null for a new one. */
  pool: string | null;
  /** What was pasted elsewhere already. */
  address?: string;
  /** The identity whose sheet led here, and is shown again afterwards. */
  back?: string;
  /** Whether the sign-in is to take place in the browser. */
  inBrowser?: boolean;
}

export interface QuestionSheet {
  kind: 'question';
  question: Question;
  answer: (id: string | null) => void;
}

export type Sheet =
  | { kind: 'palette'; mode: 'all' | 'requests' }
  | { kind: 'save'; tab: RequestTab; then: (() => void) | null }
  | QuestionSheet
  | { kind: 'newCollection' }
  | { kind: 'defaults'; collection: string; path: string }
  | { kind: 'environments'; collection: string; name: string | null }
  | { kind: 'move'; collection: string; path: string }
  | { kind: 'settings' }
  | { kind: 'keys' }
  | ConnectPoolSheet
  | { kind: 'addIdentity' }
  | { kind: 'identity'; identity: string }
  | { kind: 'inspectToken' };

export class Sheets {
  #sheet = $state.raw<Exclude<Sheet, QuestionSheet> | null>(null);
  #question = $state.raw<QuestionSheet | null>(null);
  /** What was typed into a pool's sheet before it was left; it goes when Gatepass closes. */
  readonly #poolDrafts = new SvelteMap<string | null, PoolForm>();

  /** What stands on top. */
  get open(): Sheet | null {
    return this.#question ?? this.#sheet;
  }

  /** The sheet, which stays with all that was typed while a question stands over it. */
  get sheet(): Exclude<Sheet, QuestionSheet> | null {
    return this.#sheet;
  }

  get question(): QuestionSheet | null {
    return this.#question;
  }

  show(sheet: Exclude<Sheet, QuestionSheet>): void {
    this.close();
    this.#sheet = sheet;
  }

  close(): void {
    this.#sheet = null;
    this.#question?.answer(null);
  }

  /** Whether it is an identity's own sheet that is open. */
  isOf(identity: string): boolean {
    return this.#sheet?.kind === 'identity' && this.#sheet.identity === identity;
  }

  /** Gives what was typed for a pool, null being a new one, when its sheet was left; null where nothing was. */
  poolDraft(pool: string | null): PoolForm | null {
    return this.#poolDrafts.get(pool) ?? null;
  }

  keepPoolDraft(pool: string | null, draft: PoolForm | null): void {
    if (draft) this.#poolDrafts.set(pool, draft);
    else this.#poolDrafts.delete(pool);
  }

  /** Asks, and gives the answer's id; null where the dialog was closed without one. */
  ask(question: Question): Promise<string | null> {
    this.#question?.answer(null);
    return new Promise((resolve) => {
      const sheet: QuestionSheet = {
        kind: 'question',
        question,
        answer: (id) => {
          if (this.#question === sheet) this.#question = null;
          resolve(id);
        },
      };
      this.#question = sheet;
    });
  }
}
