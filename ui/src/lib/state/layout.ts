/** How the panes lie, and how the window looks. */
import type { Layout } from '$lib/bridge/types';

export const naturalLayout = {
  sidebarWidth: 264,
  sidebarOpen: true,
  split: 0.45,
  stacked: false,
  theme: 'system',
  zoom: 1,
} satisfies Layout;

/** Gives a layout in which nothing is missing. */
export function wholeLayout(layout: Layout): WholeLayout {
  return {
    sidebarWidth: layout.sidebarWidth ?? naturalLayout.sidebarWidth,
    sidebarOpen: layout.sidebarOpen ?? naturalLayout.sidebarOpen,
    split: layout.split ?? naturalLayout.split,
    stacked: layout.stacked ?? naturalLayout.stacked,
    theme: layout.theme ?? 'system',
    zoom: layout.zoom ?? naturalLayout.zoom,
  };
}

export type WholeLayout = { [K in keyof Layout]-?: NonNullable<Layout[K]> };
