/** What follows from the state without anybody asking: the preview, the saved desk, the theme, the time. */
import { tick, untrack } from 'svelte';
import type { DeskState } from '$lib/bridge/types';
import { keepTheme } from './theme';
import type { App } from './app.svelte';

const saveDelayMs = 250;

export function keepUp(app: App): void {
  const { desk, workspace, bridge } = app;

  $effect(() => {
    const tab = desk.active;
    if (workspace.started && tab && !tab.loaded) untrack(() => void app.requests.load(tab));
  });

  $effect(() => {
    const tab = desk.active;
    const request = tab?.request;
    if (!workspace.started || !tab || !request) return;
    void app.touched;
    const context = app.requests.contextOf(tab);
    untrack(() => tab.askPreview(bridge, context, request));
  });

  // A token that expires changes what would go out.
  $effect(() => {
    const session = app.identity?.state.kind === 'signedIn' ? app.identity.state.session : null;
    const ends = [session?.idToken?.expiresAt, session?.accessToken?.expiresAt].filter((at) => typeof at === 'number');
    const left = ends.map((at) => at * 1000 - Date.now()).filter((ms) => ms > 0 && ms < 2 ** 31 - 1000);
    if (left.length === 0) return;
    const timer = setTimeout(() => app.touch(), Math.min(...left) + 250);
    return () => clearTimeout(timer);
  });

  $effect(() => {
    if (workspace.started) keepTheme(desk.layout.theme);
  });

  let zoomed = 1;
  $effect(() => {
    const { zoom } = desk.layout;
    if (zoom === zoomed) return;
    zoomed = zoom;
    bridge.setZoom(zoom).catch((error: unknown) => app.notices.fail(error));
  });

  $effect(() => {
    if (!workspace.started) return;
    const { keychain } = workspace;
    untrack(() => {
      if (keychain.kind === 'locked') {
        app.notices.warn('The keychain is locked', 'Nobody is signed in until it is opened.', {
          label: 'Unlock',
          run: () => app.attempt(() => app.sessions.unlock()),
        });
      } else if (keychain.kind === 'sessionOnly') {
        app.notices.warn('No keychain: sign-ins and keys are kept until Gatepass closes', keychain.reason);
      }
    });
  });

  keepDesk(app);
}

/** Has the desk saved a moment after it changed, at once when the window is left, and before it closes. */
function keepDesk(app: App): void {
  let saved: string | null = null;
  let waiting: DeskState | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let failed = false;
  // One after the other: a desk that overtook the next one would be read after a crash.
  let written = Promise.resolve();

  const save = () => {
    clearTimeout(timer);
    timer = undefined;
    const desk = waiting;
    waiting = null;
    if (!desk) return;
    written = written
      .then(() => app.bridge.saveDesk(desk))
      .then(
        () => {
          failed = false;
        },
        (error: unknown) => {
          if (!failed) app.notices.fail(error);
          failed = true;
        },
      );
  };

  $effect(() => {
    if (!app.workspace.started) return;
    const desk = app.desk.snapshot();
    const words = JSON.stringify(desk);
    if (saved === null || words === saved) {
      saved = words;
      return;
    }
    saved = words;
    waiting = desk;
    timer ??= setTimeout(save, saveDelayMs);
  });

  $effect(() => {
    const close = async () => {
      // What was typed last becomes part of the desk.
      await tick();
      save();
      await written;
      await app.bridge.closeWindow();
    };
    const stop = app.bridge.onClosing(() => void app.attempt(close));
    return () => void stop.then((end) => end());
  });

  $effect(() => {
    const leave = () => save();
    window.addEventListener('blur', leave);
    window.addEventListener('pagehide', leave);
    document.addEventListener('visibilitychange', leave);
    return () => {
      save();
      window.removeEventListener('blur', leave);
      window.removeEventListener('pagehide', leave);
      document.removeEventListener('visibilitychange', leave);
    };
  });
}
