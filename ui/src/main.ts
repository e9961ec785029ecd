/** Asks Rust for the start-up state at once; the window is loaded meanwhile. */
import { bridge } from '$lib/bridge/bridge';
import { recallTheme } from '$lib/state/theme';

recallTheme();

const startup = bridge.start();
// Whoever shows the window tells a failure; until then it is not unhandled.
startup.catch(() => {});

void import('./boot').then(({ boot }) => boot(bridge, startup));
