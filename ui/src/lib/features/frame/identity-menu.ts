import type { IdentityView } from '$lib/bridge/types';
import type { MenuItem } from '$lib/components/menu.svelte';
import { isMachine } from '$lib/features/identity/sheet';
import { poolName } from '$lib/features/pools/pool';
import type { App } from '$lib/state/app.svelte';
import { command } from './command';

/** Gives what can be done with one identity. */
export function identityItems(app: App, id: string): MenuItem[] {
  const { sends, sessions, sheets, workspace, desk } = app;
  const identity = workspace.identity(id);
  if (!identity) return [];
  const { name, state } = identity;
  const tab = desk.active;
  return [
    { label: `Use ${name}`, disabled: id === app.identity?.id, run: () => app.chooseIdentity(id) },
    {
      label: `Send once as ${name}`,
      disabled: !sends.canSendAs(tab, identity),
      run: () => app.attempt(() => tab && sends.sendAs(tab, id)),
    },
    { kind: 'separator' },
    { label: 'Show the session', run: () => sheets.show({ kind: 'identity', identity: id }) },
    enterItem(app, identity),
    {
      label: 'Sign out',
      disabled: state.kind !== 'signedIn',
      run: () => app.attempt(() => sessions.signOut(id)),
    },
    { kind: 'separator' },
    command(app, 'inspectToken'),
    { kind: 'separator' },
    { label: 'Remove…', danger: true, run: () => app.attempt(() => sessions.remove(id)) },
  ];
}

/** Gives the way to a token, or out of it, as the identity stands. */
function enterItem(app: App, { id, pool, state }: IdentityView): MenuItem {
  const { sessions, workspace } = app;
  const cancel = { label: 'Cancel the sign-in', run: () => app.attempt(() => sessions.cancel(id)) };
  const machine = isMachine(workspace.pool(pool));
  switch (state.kind) {
    case 'signedOut':
      return { label: machine ? 'Get a token' : 'Sign in', run: () => void sessions.signIn(id) };
    case 'signingIn':
      return cancel;
    case 'locked':
      return { label: 'Unlock the keychain', run: () => app.attempt(() => sessions.unlock()) };
    case 'signedIn':
      if (state.renewing) return cancel;
      return { label: state.over && !machine ? 'Sign in' : 'Renew the token', run: () => void sessions.renew(id) };
  }
}

/** Gives the menu from which one of several identities is chosen. */
export function identityChoices(app: App): MenuItem[] {
  const { workspace, sessions } = app;
  const choices: MenuItem[] = workspace.identities.map((other) => ({
    label: other.name,
    detail: poolName(workspace.pool(other.pool)),
    checked: other.id === app.identity?.id,
    run: () => {
      app.chooseIdentity(other.id);
      if (other.state.kind === 'signedOut') void sessions.signIn(other.id);
    },
  }));
  return [
    ...choices,
    { kind: 'separator' },
    { label: 'Add an identity…', run: () => app.addIdentity() },
    command(app, 'inspectToken'),
  ];
}
