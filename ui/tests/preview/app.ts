/** The app on a pretended Rust, as it is once it has started, for tests. */
import { App } from '$lib/state/app.svelte';
import { fakeBridge, type FakeBridge } from './bridge';

export async function startedApp(): Promise<FakeBridge & { app: App }> {
  const fake = fakeBridge();
  const app = new App(fake.bridge);
  await fake.bridge.onChange((change) => app.apply(change));
  app.begin(await fake.bridge.start());
  return { ...fake, app };
}
