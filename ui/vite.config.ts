import { svelte } from '@sveltejs/vite-plugin-svelte';
import { fileURLToPath } from 'node:url';
import type { Plugin } from 'vite';
import { defineConfig } from 'vitest/config';

const source = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** The first script asks Rust for the start-up state and only then imports the window: the page fetches both at once. */
function preloadWindow(): Plugin {
  return {
    name: 'preload-window',
    apply: 'build',
    transformIndexHtml(html, { bundle }) {
      const chunks = Object.values(bundle ?? {}).filter((file) => file.type === 'chunk');
      const boot = chunks.find((chunk) => chunk.facadeModuleId?.endsWith('/src/boot.ts'));
      if (!boot) throw new Error('the chunk of src/boot.ts is missing');
      const files = [boot.fileName, ...boot.imports.filter((name) => !html.includes(name))];
      const scripts = files.map((file) => ({ tag: 'link', attrs: { rel: 'modulepreload', href: `/${file}` } }));
      const styles = [...(boot.viteMetadata?.importedCss ?? [])].map((file) => ({
        tag: 'link',
        attrs: { rel: 'stylesheet', href: `/${file}` },
      }));
      return [...scripts, ...styles];
    },
  };
}

export default defineConfig({
  plugins: [svelte(), preloadWindow()],
  resolve: {
    alias: { $lib: source('./src/lib') },
    ...(process.env.VITEST ? { conditions: ['browser'] } : {}),
  },
  clearScreen: false,
  build: {
    target: ['safari17.5', 'chrome123'],
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
  },
  test: {
    environment: 'jsdom',
    pool: 'threads',
    isolate: false,
    include: ['src/**/*.test.ts', 'tests/unit/**/*.test.ts'],
    setupFiles: ['./tests/setup.ts'],
    css: { include: [/tokens\.css/] },
    restoreMocks: true,
    testTimeout: 20_000,
  },
});
