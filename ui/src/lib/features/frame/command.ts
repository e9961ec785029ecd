import type { MenuCommand } from '$lib/components/menu.svelte';
import type { ActionId } from '$lib/state/actions/actions';
import type { App } from '$lib/state/app.svelte';

/** Gives an action as a menu shows it. */
export function command(app: App, id: ActionId): MenuCommand {
  const { title, words, enabled, run } = app.actions.get(id);
  return { label: title, keys: words, disabled: !enabled, run };
}
