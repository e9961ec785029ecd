import type { MenuItem } from '$lib/components/menu.svelte';
import { identityColour, standing } from '$lib/features/identity/countdown';
import { poolName } from '$lib/features/pools/pool';
import type { App } from '$lib/state/app.svelte';
import type { RequestTab } from '$lib/state/requests/request-tab.svelte';

/** Gives the menu of the identities that a request can be sent as, once. */
export function sendAsItems(app: App, tab: RequestTab): MenuItem[] {
  const { sends, workspace } = app;
  if (workspace.identities.length === 0) {
    return [{ label: 'There is no identity to send as', disabled: true, run: () => {} }];
  }
  const own: MenuItem[] = workspace.identities.map((identity) => {
    const isOut = identity.state.kind === 'signedOut';
    const { words } = standing(identity, Date.now() / 1000);
    return {
      label: identity.name,
      detail: [poolName(workspace.pool(identity.pool)), isOut ? 'signs in first' : words].filter(Boolean).join(' · '),
      colour: isOut ? 'var(--line-strong)' : identityColour(identity),
      disabled: !sends.canSendAs(tab, identity),
      run: () => app.attempt(() => sends.sendAs(tab, identity.id)),
    };
  });
  const heading = sends.sendsToken(tab) ? 'Send once as' : 'No token goes out with this request';
  return [{ kind: 'heading', label: heading }, ...own];
}
