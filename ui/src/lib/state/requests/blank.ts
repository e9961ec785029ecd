import type { Defaults, Layout, Request, Settings } from '$lib/bridge/types';

const inheritedSettings: Settings = { timeout: null, followRedirects: null, maxRedirects: null };

export function blankRequest(): Request {
  return {
    name: '',
    method: 'GET',
    url: '',
    params: [],
    headers: [],
    auth: { token: { mode: 'inherit' }, apiKey: { mode: 'inherit' } },
    body: { kind: 'none' },
    settings: { ...inheritedSettings },
    docs: '',
  };
}

export function blankDefaults(): Defaults {
  return {
    headers: [],
    auth: { token: { mode: 'inherit' }, apiKey: { mode: 'inherit' } },
    settings: { ...inheritedSettings },
    docs: '',
  };
}

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
