import type { MenuItem } from '$lib/components/menu.svelte';
import { identityColour, standing } from '$lib/features/identity/countdown';
import type { App } from '$lib/state/app.svelte';
import type { RequestTab } from '$lib/state/request-tab.svelte';

/** Gives the menu of the identities that a request can be sent as, once. */
export function sendAsItems(app: App, tab: RequestTab): MenuItem[] {
  const { identities } = app.workspace;
  const token = tab.preview?.auth.token.mode;
  const goesOut = token === undefined || token === 'send';
  const own: MenuItem[] = identities.map((identity) => {
    const { kind } = identity.state;
    const { words } = standing(identity, Date.now() / 1000);
    const pool = app.workspace.pool(identity.pool)?.facts.name ?? '';
    return {
      label: identity.name,
      detail: [pool, kind === 'signedOut' ? 'signs in first' : words].filter(Boolean).join(' · '),
      colour: kind === 'signedOut' ? 'var(--line-strong)' : identityColour(identity),
      disabled: !goesOut || kind === 'signingIn',
      run: () => app.attempt(() => app.requests.sendAs(tab, identity.id)),
    };
  });
  const heading = goesOut ? 'Send once as' : 'No token goes out with this request';
  const add = { label: 'Add an identity…', run: () => app.addIdentity() };
  return [{ kind: 'heading', label: heading }, ...own, { kind: 'separator' }, add];
}
