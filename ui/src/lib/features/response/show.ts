/** The response pane on the page, for tests. */
import { render } from '@testing-library/svelte';
import { vi } from 'vitest';
import ResponsePane from './ResponsePane.svelte';
import type { ResponseState } from './state';

/** Shows a state, and gives what the pane can call. */
export function show(state: ResponseState, change: Record<string, unknown> = {}) {
  const calls = {
    getLines: vi.fn(() => Promise.resolve('')),
    find: vi.fn(() => Promise.resolve([1])),
    onsave: vi.fn(),
    onfix: vi.fn(),
    oncancel: vi.fn(),
    onsend: vi.fn(),
    describe: vi.fn(() => ({ title: '', action: null })),
    ...change,
  };
  const view = render(ResponsePane, { state, sendKeys: 'Ctrl ⏎', ...calls });
  return { ...calls, ...view };
}
