import { svelte } from '@sveltejs/vite-plugin-svelte';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** The real window over a pretended Rust: for looking at, never a part of the product. */
export default defineConfig({
  root: here('../..'),
  plugins: [
    svelte(),
    {
      name: 'scenes',
      transformIndexHtml: {
        order: 'pre',
        handler: (html) => html.replace('/src/main.ts', '/tests/preview/main.ts'),
      },
    },
  ],
  resolve: {
    alias: [
      { find: '$lib', replacement: here('../../src/lib') },
      { find: /^@tauri-apps\/api\/(core|event|webview)$/, replacement: here('./tauri.ts') },
    ],
  },
  build: { outDir: here('../../node_modules/.preview'), emptyOutDir: true },
});
