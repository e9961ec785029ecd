import js from '@eslint/js';
import svelte from 'eslint-plugin-svelte';
import globals from 'globals';
import ts from 'typescript-eslint';
import svelteConfig from './svelte.config.js';

const bridgeOnly = {
  patterns: [
    {
      group: ['@tauri-apps/*'],
      message: 'Only src/lib/bridge knows Tauri: add what is missing there.',
    },
  ],
};

export default ts.config(
  { ignores: ['dist', 'node_modules', 'src/lib/bridge/bindings.ts'] },
  js.configs.recommended,
  ...ts.configs.strict,
  ...svelte.configs.recommended,
  { languageOptions: { globals: { ...globals.browser, ...globals.node } } },
  {
    files: ['**/*.svelte', '**/*.svelte.ts'],
    languageOptions: {
      parserOptions: { parser: ts.parser, extraFileExtensions: ['.svelte'], svelteConfig },
    },
  },
  {
    rules: {
      'no-restricted-imports': ['error', bridgeOnly],
      'no-undef': 'off',
      eqeqeq: ['error', 'always'],
      'no-console': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-empty-function': 'off',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/no-dynamic-delete': 'error',
      'svelte/no-at-html-tags': 'error',
    },
  },
  { files: ['src/lib/bridge/**'], rules: { 'no-restricted-imports': 'off' } },
  { files: ['tools/**', 'tests/**'], rules: { 'no-console': 'off' } },
);
