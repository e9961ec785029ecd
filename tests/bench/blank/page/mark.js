// Two frames later the first one is on the screen.
requestAnimationFrame(() =>
  requestAnimationFrame(() => window.__TAURI_INTERNALS__.invoke("bench_mark", { name: "painted" })),
);
