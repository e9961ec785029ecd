// svelte-check has been seen to pass on nothing at all: a planted type error has to be found.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const folder = mkdtempSync(join(root, 'src', 'canary-'));

try {
  writeFileSync(
    join(folder, 'Canary.svelte'),
    '<script lang="ts">const planted: number = "a word";</script>{planted}\n',
  );
  const result = spawnSync(
    'npx',
    ['--no-install', 'svelte-check', '--tsconfig', './tsconfig.json', '--output', 'machine'],
    {
      cwd: root,
      encoding: 'utf8',
      shell: process.platform === 'win32',
    },
  );
  const found = result.stdout.includes('Canary.svelte') && result.stdout.includes('not assignable');
  if (result.status === 0 || !found) {
    console.error('svelte-check did not find the planted type error: its silence on the real files proves nothing.');
    console.error(result.stdout, result.stderr);
    process.exitCode = 1;
  } else {
    console.log('svelte-check finds a planted type error.');
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
