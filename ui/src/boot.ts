import { mount } from 'svelte';
import type { Bridge } from '$lib/bridge/bridge';
import type { Startup } from '$lib/bridge/types';
import Root from './Root.svelte';

export function boot(bridge: Bridge, startup: Promise<Startup>): void {
  const target = document.getElementById('app');
  if (!target) throw new Error('the page has no #app');
  mount(Root, { target, props: { bridge, startup } });
}
