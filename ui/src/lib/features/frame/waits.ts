import { isMachine } from '$lib/features/identity/sheet';
import type { Wait, WaitFacts } from '$lib/features/response/state';
import type { App } from '$lib/state/app.svelte';
import type { RequestTab } from '$lib/state/requests/request-tab.svelte';

/** Says what a tab's send waits for, and what can be done about it. */
export function waitFacts(app: App, tab: RequestTab, waits: Wait): WaitFacts {
  if ('sandbox' in waits) return { kind: 'sandbox' };
  const { sessions, workspace } = app;
  const { identity, signIn } = waits;
  const view = workspace.identity(identity);
  const name = view?.name ?? 'the user';
  const pool = workspace.pool(view?.pool ?? null);
  if (!signIn || isMachine(pool)) return { kind: 'renewal', name };
  const { state } = view ?? {};
  const isBusy = state?.kind === 'signingIn' || (state?.kind === 'signedIn' && state.renewing);
  const enter = () => void sessions.again(identity);
  return {
    kind: 'signIn',
    name,
    place: sessions.placeOf(identity),
    // A send that begins with a sign-in has begun it.
    signingIn: isBusy || tab.lastSend.preparing,
    onsignin: enter,
    onagain: enter,
    oncancel: tab.lastSend.preparing ? null : () => app.attempt(() => sessions.cancel(identity)),
  };
}
