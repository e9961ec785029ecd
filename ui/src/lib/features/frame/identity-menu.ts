import type { MenuItem } from '$lib/components/menu.svelte';
import type { ActionId } from '$lib/state/actions';
import type { App } from '$lib/state/app.svelte';

/** Gives what can be done with one identity. */
export function identityItems(app: App, id: string): MenuItem[] {
  const { sessions, sheets, workspace, desk } = app;
  const identity = workspace.identity(id);
  if (!identity) return [];
  const { name, state } = identity;
  const isIn = state.kind === 'signedIn';
  const enter = isIn && !state.over ? 'Renew the token' : 'Sign in';
  const tab = desk.active;
  return [
    { label: `Use ${name}`, disabled: id === app.identity?.id, run: () => (desk.identity = id) },
    {
      label: `Send once as ${name}`,
      disabled: !tab || tab.sending,
      run: () => app.attempt(() => tab && app.requests.sendAs(tab, id)),
    },
    { kind: 'separator' },
    { label: 'Show the session', run: () => sheets.show({ kind: 'identity', identity: id }) },
    { label: enter, run: () => void (isIn ? sessions.renew(id) : sessions.signIn(id)) },
    { label: 'Sign out', disabled: !isIn, run: () => app.attempt(() => sessions.signOut(id)) },
    { kind: 'separator' },
    command(app, 'inspectToken'),
    { kind: 'separator' },
    { label: 'Remove…', danger: true, run: () => app.attempt(() => sessions.remove(id)) },
  ];
}

/** Gives the menu from which one of several identities is chosen. */
export function identityChoices(app: App): MenuItem[] {
  const { workspace, sessions } = app;
  const choices: MenuItem[] = workspace.identities.map((other) => ({
    label: other.name,
    detail: workspace.pool(other.pool)?.facts.name ?? '',
    checked: other.id === app.identity?.id,
    run: () => {
      app.desk.identity = other.id;
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

function command(app: App, id: ActionId): MenuItem {
  const { title, words, enabled, run } = app.actions.get(id);
  return { label: title, keys: words, disabled: !enabled, run };
}
