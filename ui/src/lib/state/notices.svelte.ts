/** What the window says in passing: done, undone, failed. */
import { asFailure } from '$lib/bridge/failure';
import { failures } from '$lib/bridge/failures';

export interface Notice {
  id: number;
  tone: 'plain' | 'good' | 'warning' | 'error';
  text: string;
  detail: string;
  action: { label: string; run: () => void } | null;
}

const lifetimeMs = 7000;

export class Notices {
  #list = $state.raw<Notice[]>([]);
  #next = 0;
  readonly #timers: Record<number, ReturnType<typeof setTimeout> | undefined> = {};

  get list(): Notice[] {
    return this.#list;
  }

  /** Says something, and gives the notice's id. */
  say(text: string, action: Notice['action'] = null): number {
    return this.#add({ tone: 'plain', text, detail: '', action });
  }

  warn(text: string, detail = '', action: Notice['action'] = null): void {
    this.#add({ tone: 'warning', text, detail, action });
  }

  /** Tells a failure that has no better place; it stays until it is closed. */
  fail(error: unknown, action: Notice['action'] = null): void {
    const failure = asFailure(error);
    const words = failures[failure.code];
    const detail = [failure.message, failure.hint, ...failure.causes].filter((part) => part !== '').join(' · ');
    this.#add({ tone: words.severity, text: words.title, detail, action });
  }

  dismiss(id: number): void {
    clearTimeout(this.#timers[id]);
    this.#timers[id] = undefined;
    this.#list = this.#list.filter((notice) => notice.id !== id);
  }

  /** Keeps a notice while it is read or has the focus. */
  hold(id: number): void {
    clearTimeout(this.#timers[id]);
  }

  release(id: number): void {
    const notice = this.#list.find((other) => other.id === id);
    if (notice && notice.tone !== 'error') this.#expire(id);
  }

  #add(notice: Omit<Notice, 'id'>): number {
    const id = ++this.#next;
    this.#list = [
      ...this.#list.filter((other) => other.text !== notice.text || other.detail !== notice.detail),
      { id, ...notice },
    ].slice(-4);
    if (notice.tone !== 'error') this.#expire(id);
    return id;
  }

  #expire(id: number): void {
    clearTimeout(this.#timers[id]);
    this.#timers[id] = setTimeout(() => this.dismiss(id), lifetimeMs);
  }
}
