/** An environment while it is edited. A secret's value is only here when it was just typed. */
import type { Environment, Variable } from '$lib/bridge/types';

export interface VariableRow extends Variable {
  key: number;
  /** A secret that was typed here and is not in the keychain yet; null where it was not touched. */
  typed: string | null;
}

export interface EnvironmentEdit {
  former: string | null;
  name: string;
  rows: VariableRow[];
}

let keys = 0;

export function rowOf(variable: Variable): VariableRow {
  return { ...variable, key: ++keys, typed: null };
}

export function emptyRow(): VariableRow {
  return rowOf({ name: '', value: '', secret: false, disabled: false });
}

export function edit(environment: Environment | null): EnvironmentEdit {
  return {
    former: environment?.name ?? null,
    name: environment?.name ?? '',
    rows: environment?.variables.map(rowOf) ?? [],
  };
}

/** Makes a variable a secret, or plain again. What was typed goes along; a kept secret does not become plain text. */
export function setSecret(row: VariableRow, secret: boolean): VariableRow {
  if (secret === row.secret) return row;
  if (secret) return { ...row, secret, value: '', typed: row.value === '' ? null : row.value };
  return { ...row, secret, value: row.typed ?? '', typed: null };
}

/** Gives the environment's file, and apart from it the secrets for the keychain. */
export function result(state: EnvironmentEdit): {
  environment: Environment;
  secrets: { variable: string; value: string }[];
} {
  const rows = state.rows.filter((row) => row.name.trim() !== '');
  return {
    environment: {
      name: state.name.trim(),
      variables: rows.map(({ name, value, secret, disabled }) => ({
        name: name.trim(),
        value: secret ? '' : value,
        secret,
        disabled,
      })),
    },
    secrets: rows.flatMap((row) =>
      row.secret && row.typed !== null ? [{ variable: row.name.trim(), value: row.typed }] : [],
    ),
  };
}

/** Says what stands in the way of saving; empty where nothing does. */
export function complaint(state: EnvironmentEdit, others: string[]): string {
  const name = state.name.trim();
  if (name === '') return 'The environment needs a name.';
  if (others.includes(name)) return `There is another environment called “${name}”.`;
  const names = state.rows.map((row) => row.name.trim()).filter((text) => text !== '');
  const twice = names.find((text, at) => names.indexOf(text) !== at);
  if (twice) return `“${twice}” is there twice.`;
  const nameless = state.rows.some((row) => row.name.trim() === '' && (row.value !== '' || (row.typed ?? '') !== ''));
  return nameless ? 'A variable has a value and no name.' : '';
}
