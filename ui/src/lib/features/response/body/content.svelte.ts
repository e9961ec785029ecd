import { SvelteMap } from 'svelte/reactivity';
import type { Answer } from '$lib/bridge/types';
import { BLOCK, blocksFor, splitLines } from './lines';
import type { GetLines } from '../state';

/**
 * The lines of one form of an answer's content, fetched in blocks when they are shown.
 *
 * The first block comes with the answer and needs no call.
 */
export class Content {
  readonly total: number;
  #blocks = new SvelteMap<number, string[]>();
  readonly #underway: (Promise<void> | undefined)[] = [];
  #failure = $state<string | null>(null);
  #fetch: (from: number, count: number) => Promise<string>;

  constructor(answer: Answer, pretty: boolean, getLines: GetLines) {
    const { rawLines, prettyLines } = answer.exchange.body;
    this.total = pretty ? (prettyLines ?? rawLines) : rawLines;
    this.#fetch = (from, count) => getLines(answer.id, pretty, from, count);
    if (pretty === (prettyLines !== null)) this.#blocks.set(0, splitLines(answer.firstLines));
  }

  /** Why lines could not be fetched. */
  get failure(): string | null {
    return this.#failure;
  }

  /** Gives a line, or undefined while it is on its way. */
  line(index: number): string | undefined {
    const block = this.#blocks.get(Math.floor(index / BLOCK));
    if (!block) return undefined;
    return block[index % BLOCK] ?? '';
  }

  /** Fetches what is missing of these lines. */
  async want(first: number, count: number): Promise<void> {
    await Promise.all(blocksFor(first, count).map((block) => this.#load(block)));
  }

  #load(block: number): Promise<void> {
    const there = this.#blocks.get(block);
    const expected = Math.min(BLOCK, this.total - block * BLOCK);
    if (there && (block > 0 || there.length >= expected)) return Promise.resolve();
    const underway = this.#underway[block] ?? this.#request(block);
    this.#underway[block] = underway;
    return underway;
  }

  async #request(block: number): Promise<void> {
    try {
      const text = await this.#fetch(block * BLOCK, BLOCK);
      this.#blocks.set(block, splitLines(text));
      this.#failure = null;
    } catch (error) {
      this.#failure = error instanceof Error ? error.message : String(error);
    } finally {
      this.#underway[block] = undefined;
    }
  }
}
