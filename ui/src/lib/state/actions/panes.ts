/** F6 goes round the panes, which mark themselves with `data-pane`. */
const focusable = 'a[href], button, input, textarea, select, [tabindex], [contenteditable="true"]';

export function stepPane(places: 1 | -1): void {
  const panes = [...document.querySelectorAll<HTMLElement>('[data-pane]')].filter((pane) => pane.offsetParent !== null);
  const at = panes.findIndex((pane) => pane.contains(document.activeElement));
  for (let tried = 1; tried <= panes.length; tried += 1) {
    const pane = panes[(at + places * tried + panes.length * 2) % panes.length];
    if (pane && enter(pane)) return;
  }
}

function enter(pane: HTMLElement): boolean {
  const targets = [...pane.querySelectorAll<HTMLElement>(focusable)];
  const target = targets.find((element) => element.tabIndex >= 0 && !element.hasAttribute('disabled'));
  target?.focus();
  return target !== undefined;
}
