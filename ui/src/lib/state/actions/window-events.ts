/** Keys and menus of the whole window. */
import { markSend } from '$lib/features/response/marks';
import type { App } from '../app.svelte';

/** Actions that also work while a dialog stands over the window. */
const overDialogs = new Set(['zoomIn', 'zoomOut', 'zoomReset']);

export function listen(app: App): () => void {
  const onKey = (event: KeyboardEvent) => {
    if (reloads(event)) event.preventDefault();
    if (event.defaultPrevented && !reloads(event)) return;
    const place = placeOf(event);
    if (place !== null && app.sheets.open === null) {
      event.preventDefault();
      app.desk.show(place);
      return;
    }
    const id = app.actions.find(event);
    if (id === null) return;
    const { open } = app.sheets;
    const palette = open?.kind === 'palette' && (id === 'palette' || id === 'quickOpen');
    if (open !== null && !overDialogs.has(id) && !palette) {
      if (id !== 'send') event.preventDefault();
      return;
    }
    if (id === 'renameRequest' && isTyping(event.target)) return;
    event.preventDefault();
    if (id === 'send') markSend();
    app.actions.run(id);
  };

  // The web view's own menu offers to reload; where text is edited it offers what is needed.
  const onMenu = (event: MouseEvent) => {
    const selected = (document.getSelection()?.toString() ?? '') !== '';
    if (!isTyping(event.target) && !selected) event.preventDefault();
  };

  const stopFile = (event: DragEvent) => {
    if (event.dataTransfer?.types.includes('Files')) event.preventDefault();
  };

  window.addEventListener('keydown', onKey);
  window.addEventListener('contextmenu', onMenu);
  window.addEventListener('dragover', stopFile);
  window.addEventListener('drop', stopFile);
  return () => {
    window.removeEventListener('keydown', onKey);
    window.removeEventListener('contextmenu', onMenu);
    window.removeEventListener('dragover', stopFile);
    window.removeEventListener('drop', stopFile);
  };

  function placeOf(event: KeyboardEvent): number | null {
    const mac = app.workspace.platform === 'mac';
    const mod = mac ? event.metaKey && !event.ctrlKey : event.ctrlKey && !event.metaKey;
    const digit = /^Digit([1-9])$/.exec(event.code)?.[1];
    if (!mod || event.altKey || event.shiftKey || digit === undefined || event.getModifierState('AltGraph'))
      return null;
    return Number(digit) - 1;
  }
}

function reloads(event: KeyboardEvent): boolean {
  return event.key === 'F5' || ((event.ctrlKey || event.metaKey) && !event.altKey && event.key.toLowerCase() === 'r');
}

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof Element &&
    target.closest('input, textarea, [contenteditable]:not([contenteditable=false])') !== null
  );
}
