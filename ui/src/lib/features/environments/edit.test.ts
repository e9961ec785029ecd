import { describe, expect, it } from 'vitest';
import { complaint, edit, emptyRow, result, setSecret } from './edit';

const sandbox = {
  name: 'Sandbox',
  variables: [
    { name: 'invokeUrl', value: 'http://127.0.0.1', secret: false, disabled: false },
    { name: 'apiKey', value: '', secret: true, disabled: true },
  ],
};

describe('editing an environment', () => {
  it('changes nothing that was not touched', () => {
    expect(result(edit(sandbox))).toEqual({ environment: sandbox, secrets: [] });
  });

  it('keeps a secret that was typed out of the file', () => {
    const state = edit(sandbox);
    const rows = state.rows.map((row) => (row.secret ? { ...row, typed: 'k-123' } : row));
    const { environment, secrets } = result({ ...state, rows });
    expect(JSON.stringify(environment)).not.toContain('k-123');
    expect(secrets).toEqual([{ variable: 'apiKey', value: 'k-123' }]);
  });

  it('moves a plain value to the keychain when it becomes a secret', () => {
    const row = setSecret({ ...emptyRow(), name: 'key', value: 'k-456' }, true);
    const { environment, secrets } = result({ former: null, name: 'New', rows: [row] });
    expect(environment.variables).toEqual([{ name: 'key', value: '', secret: true, disabled: false }]);
    expect(secrets).toEqual([{ variable: 'key', value: 'k-456' }]);
  });

  it('does not write a kept secret into the file when it becomes plain', () => {
    const row = setSecret({ ...emptyRow(), name: 'key', secret: true }, false);
    expect(result({ former: null, name: 'New', rows: [row] })).toMatchObject({
      environment: { variables: [{ name: 'key', value: '', secret: false }] },
      secrets: [],
    });
  });

  it('leaves rows without a name out', () => {
    expect(result({ former: null, name: ' New ', rows: [emptyRow()] }).environment).toEqual({
      name: 'New',
      variables: [],
    });
  });

  it('says what stands in the way', () => {
    const state = edit(sandbox);
    const [first] = state.rows;
    expect(complaint(state, [])).toBe('');
    expect(complaint({ ...state, name: ' ' }, [])).toMatch(/needs a name/);
    expect(complaint(state, ['Sandbox'])).toMatch(/another environment/);
    expect(complaint({ ...state, rows: [...state.rows, { ...emptyRow(), name: 'invokeUrl' }] }, [])).toMatch(/twice/);
    expect(complaint({ ...state, rows: [{ ...(first ?? emptyRow()), name: '' }] }, [])).toMatch(/no name/);
  });
});
