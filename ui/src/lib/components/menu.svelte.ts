/** The one open menu of the window, whether it hangs at a button or at the pointer. */
import type { Component } from 'svelte';

export interface MenuCommand {
  kind?: 'command';
  label: string;
  keys?: string;
  icon?: Component;
  /** A dot of this colour before the label. */
  colour?: string;
  danger?: boolean;
  disabled?: boolean;
  /** Makes it a radio item: chosen or not. */
  checked?: boolean;
  detail?: string;
  run: () => void;
}

export type MenuItem = MenuCommand | { kind: 'separator' } | { kind: 'heading'; label: string };

/** A button, or the point where a context menu was asked for. */
export type MenuAnchor = HTMLElement | { x: number; y: number };

export interface OpenMenu {
  anchor: MenuAnchor;
  label: string;
  items: MenuItem[];
  align: 'start' | 'end';
  returnTo: HTMLElement | null;
}

class Menus {
  #current = $state.raw<OpenMenu | null>(null);

  get current(): OpenMenu | null {
    return this.#current;
  }

  open(anchor: MenuAnchor, label: string, items: MenuItem[], align: 'start' | 'end' = 'start'): void {
    const focused = document.activeElement;
    const returnTo = anchor instanceof HTMLElement ? anchor : focused instanceof HTMLElement ? focused : null;
    this.#current = { anchor, label, items, align, returnTo };
  }

  /** Closes the menu, then gives the focus back where it was. */
  close(): void {
    const menu = this.#current;
    this.#current = null;
    menu?.returnTo?.focus({ preventScroll: true });
  }
}

export const menus = new Menus();

/** Gives the point of a context menu, which the keyboard asks for without a pointer. */
export function menuPoint(event: MouseEvent): MenuAnchor {
  const byKeyboard = event.clientX === 0 && event.clientY === 0;
  if (byKeyboard && event.currentTarget instanceof HTMLElement) {
    const box = event.currentTarget.getBoundingClientRect();
    return { x: box.left + 16, y: box.bottom - 4 };
  }
  return { x: event.clientX, y: event.clientY };
}
