import { describe, expect, it } from 'vitest';
import { collection, root } from '../../../../tests/preview/data';
import { flatten, rowId, spokenName } from './rows';

const open =
  (...paths: string[]) =>
  (_root: string, path: string) =>
    paths.includes(path);

describe('the rows of the tree', () => {
  it('are the collections alone while nothing is unfolded', () => {
    const rows = flatten([collection], open(), null);
    expect(rows.map((row) => [row.name, row.level])).toEqual([['PetStore', 1]]);
  });

  it('tell level, number of siblings and place', () => {
    const rows = flatten([collection], open('', 'orders'), null);
    const cancel = rows.find((row) => row.name === 'Cancel an order');
    expect(cancel).toMatchObject({ level: 3, size: 3, place: 3, folder: 'orders' });
    expect(rows.find((row) => row.name === 'Admin')).toMatchObject({ level: 2, size: 7, place: 5, open: false });
  });

  it('have the name that is asked for at the end of its folder', () => {
    const rows = flatten([collection], open('', 'orders'), { collection: root, folder: 'orders', what: 'request' });
    const at = rows.findIndex((row) => row.kind === 'draft');
    expect(rows[at - 1]?.name).toBe('Cancel an order');
    expect(rows[at]).toMatchObject({ level: 3, size: 4, place: 4 });
    expect(rows[at - 1]?.size).toBe(4);
  });

  it('say the method, and what is wrong with a broken file and where', () => {
    const rows = flatten([collection], open(''), null);
    const named = (path: string) => rows.find((row) => row.id === rowId(root, path));
    expect(spokenName(named('Add a pet.yml') as never)).toBe('POST Add a pet');
    expect(spokenName(named('Broken.yml') as never)).toMatch(/^Broken\.yml, broken: line 12, column 3: /);
    expect(spokenName(named('Graph.yml') as never)).toMatch(/graphql/);
  });
});
