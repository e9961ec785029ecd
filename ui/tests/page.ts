/** What a person finds on the page, for tests of components. */
import axe from 'axe-core';

/** Gives what axe finds wrong with a component. Colours, and what a whole page must have, are checked elsewhere. */
export async function faults(): Promise<string[]> {
  const elsewhere = [
    'color-contrast',
    'region',
    'page-has-heading-one',
    'landmark-one-main',
    'document-title',
    'html-has-lang',
  ];
  const rules = Object.fromEntries(elsewhere.map((id) => [id, { enabled: false }]));
  const { violations } = await axe.run(document.body, { rules });
  return violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.html.slice(0, 160)}`));
}

/** Gives an element's text with blanks as a reader sees them. */
export function text(element: Element | null | undefined): string {
  return (element?.textContent ?? '').replace(/\s+/g, ' ').trim();
}

/** Gives what stands in a field. */
export function value(element: Element | null | undefined): string {
  if (element instanceof HTMLInputElement || element instanceof HTMLTextAreaElement) return element.value;
  throw new Error(`no field: ${element?.outerHTML}`);
}

/** Tells whether an element is on the page and neither it nor anything round it is hidden. */
export function shown(element: HTMLElement): boolean {
  for (let at: HTMLElement | null = element; at; at = at.parentElement) {
    const style = getComputedStyle(at);
    if (style.display === 'none' || style.visibility === 'hidden' || at.hidden) return false;
  }
  return element.isConnected;
}
