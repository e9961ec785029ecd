/** The chosen colours, known before the first paint: Rust's answer comes a moment after it. */
import type { Theme } from '$lib/bridge/types';

const key = 'theme';

export function keepTheme(theme: Theme): void {
  show(theme);
  try {
    localStorage.setItem(key, theme);
  } catch {
    // Without a storage the next start shows the system's colours for a moment.
  }
}

/** Shows the colours that were chosen when the window was last open. */
export function recallTheme(): void {
  try {
    show(localStorage.getItem(key) ?? 'system');
  } catch {
    show('system');
  }
}

function show(theme: string): void {
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme;
  else delete document.documentElement.dataset.theme;
}
