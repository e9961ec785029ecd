/** What each action of the registry does. */
import type { ActionId, Deed } from './actions';
import type { App } from '../app.svelte';
import { naturalLayout } from '../layout';
import { stepPane } from './panes';

export function deeds(app: App): Record<ActionId, Deed> {
  const { desk, sheets, workspace, requests, sends, sessions, tree, hands } = app;
  const hasTab = () => desk.active !== null;
  const withTab = (deed: (tab: NonNullable<typeof desk.active>) => void | Promise<void>) => () =>
    desk.active ? deed(desk.active) : undefined;
  const withIdentity = (deed: (id: string) => unknown) => async () => {
    if (app.identity) await deed(app.identity.id);
  };
  const isIn = () => app.identity?.state.kind === 'signedIn';
  const zoom = (factor: number) => () => {
    desk.layout.zoom = Math.round(Math.min(2, Math.max(0.5, factor)) * 10) / 10;
  };

  return {
    send: { run: withTab((tab) => sends.sendOrCancel(tab)), enabled: hasTab },
    sendAs: {
      run: () => hands.openSendAs?.(),
      enabled: () => hasTab() && desk.active?.sending === false && workspace.identities.length > 0,
    },
    save: { run: withTab((tab) => requests.save(tab)), enabled: hasTab },
    newRequest: { run: () => void requests.create() },
    duplicate: { run: withTab((tab) => requests.duplicate(tab)), enabled: hasTab },
    renameRequest: {
      run: withTab((tab) => {
        if (tab.collection !== null && tab.path !== null) hands.renameInTree?.(tab.collection, tab.path);
      }),
      enabled: () => desk.active?.path !== null && hasTab(),
    },
    focusUrl: { run: () => hands.focusUrl?.(), enabled: hasTab },
    find: { run: () => hands.openFind?.(), enabled: () => desk.active?.response.kind === 'answered' },
    newTab: { run: () => void requests.create() },
    closeTab: { run: withTab((tab) => requests.close([tab])), enabled: hasTab },
    closeOtherTabs: {
      run: withTab((tab) => requests.close(desk.tabs.filter((other) => other !== tab))),
      enabled: () => desk.tabs.length > 1,
    },
    reopenTab: { run: () => void desk.reopen(), enabled: () => desk.canReopen },
    nextTab: { run: () => desk.step(1), enabled: () => desk.tabs.length > 1 },
    previousTab: { run: () => desk.step(-1), enabled: () => desk.tabs.length > 1 },
    newCollection: { run: () => sheets.show({ kind: 'newCollection' }) },
    openCollection: { run: () => tree.chooseAndOpen() },
    environments: { run: () => app.editEnvironments(null), enabled: () => app.collection !== null },
    chooseEnvironment: { run: () => hands.openEnvironmentMenu?.(), enabled: () => app.collection !== null },
    startSandbox: {
      run: () => sessions.startSandbox(),
      enabled: () => workspace.sandbox === null && !sessions.starting,
    },
    stopSandbox: { run: () => sessions.stopSandbox(), enabled: () => workspace.sandbox !== null },
    signIn: { run: () => app.startSignIn() },
    renew: { run: withIdentity((id) => sessions.renew(id)), enabled: isIn },
    signOut: { run: withIdentity((id) => sessions.signOut(id)), enabled: isIn },
    showIdentity: {
      run: withIdentity((identity) => sheets.show({ kind: 'identity', identity })),
      enabled: () => app.identity !== null,
    },
    inspectToken: { run: () => sheets.show({ kind: 'inspectToken' }) },
    connectPool: { run: () => sheets.show({ kind: 'connectPool', pool: null }) },
    palette: { run: () => sheets.show({ kind: 'palette', mode: 'all' }) },
    quickOpen: { run: () => sheets.show({ kind: 'palette', mode: 'requests' }) },
    toggleSidebar: {
      run: () => {
        desk.layout.sidebarOpen = !desk.layout.sidebarOpen;
      },
    },
    toggleLayout: {
      run: () => {
        desk.layout.stacked = !desk.layout.stacked;
      },
    },
    nextPane: { run: () => stepPane(1) },
    previousPane: { run: () => stepPane(-1) },
    zoomIn: { run: () => zoom(desk.layout.zoom + 0.1)() },
    zoomOut: { run: () => zoom(desk.layout.zoom - 0.1)() },
    zoomReset: { run: zoom(naturalLayout.zoom) },
    settings: { run: () => sheets.show({ kind: 'settings' }) },
    keys: { run: () => sheets.show({ kind: 'keys' }) },
  };
}
