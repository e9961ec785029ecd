import { describe, expect, it, test } from 'vitest';
import { collection } from '../../../../tests/preview/data';
import { flatten } from './rows';
import { parentOf, type Press, treeCommand, Typeahead } from './tree-keys';

const rows = flatten([collection], (_root, path) => path === '' || path === 'orders', null);
const at = (name: string) => rows.findIndex((row) => row.name === name);
const press = (key: string, held: Partial<Press> = {}): Press => ({
  key,
  altKey: false,
  ctrlKey: false,
  metaKey: false,
  shiftKey: false,
  ...held,
});

describe('the keys of the tree', () => {
  test.each([
    ['ArrowDown', 'List pets', { kind: 'go', to: 2 }],
    ['ArrowUp', 'List pets', { kind: 'go', to: 0 }],
    ['ArrowUp', 'PetStore', { kind: 'go', to: 0 }],
    ['ArrowDown', 'Broken.yml', { kind: 'go', to: rows.length - 1 }],
    ['Home', 'Orders', { kind: 'go', to: 0 }],
    ['End', 'Orders', { kind: 'go', to: rows.length - 1 }],
    ['ArrowRight', 'Admin', { kind: 'fold', at: at('Admin'), open: true }],
    ['ArrowRight', 'Orders', { kind: 'go', to: at('Open orders') }],
    ['ArrowRight', 'List pets', null],
    ['ArrowLeft', 'Orders', { kind: 'fold', at: at('Orders'), open: false }],
    ['ArrowLeft', 'Cancel an order', { kind: 'go', to: at('Orders') }],
    ['ArrowLeft', 'Admin', { kind: 'go', to: 0 }],
    ['*', 'Orders', { kind: 'unfoldSiblings', at: at('Orders') }],
    ['Enter', 'Orders', { kind: 'fold', at: at('Orders'), open: false }],
    ['Enter', 'List pets', { kind: 'open', at: at('List pets') }],
    [' ', 'List pets', { kind: 'open', at: at('List pets') }],
    ['F2', 'Orders', { kind: 'rename', at: at('Orders') }],
    ['Delete', 'Orders', { kind: 'delete', at: at('Orders') }],
    ['a', 'Orders', null],
  ])('%s at %s', (key, name, command) => {
    expect(treeCommand(rows, at(name), press(key))).toEqual(command);
  });

  it('move a row among its siblings with Alt', () => {
    expect(treeCommand(rows, 2, press('ArrowDown', { altKey: true }))).toEqual({ kind: 'shift', at: 2, places: 1 });
    expect(treeCommand(rows, 2, press('ArrowLeft', { altKey: true }))).toBeNull();
  });

  it('leave the window’s own chords alone', () => {
    expect(treeCommand(rows, 2, press('Enter', { ctrlKey: true }))).toBeNull();
  });

  it('find the row above that holds a row', () => {
    expect(parentOf(rows, at('Open orders'))).toBe(at('Orders'));
    expect(parentOf(rows, 0)).toBe(0);
  });
});

describe('typing a name', () => {
  it('goes to the row that begins with what was typed within a moment', () => {
    const typed = new Typeahead();
    expect(typed.find(rows, 0, 'o', 0)).toBe(at('Orders'));
    expect(typed.find(rows, at('Orders'), 'p', 200)).toBe(at('Open orders'));
    expect(typed.find(rows, at('Open orders'), 'l', 2000)).toBe(at('List pets'));
  });

  it('goes from match to match with the same letter, round the end', () => {
    const typed = new Typeahead();
    const first = typed.find(rows, 0, 'a', 0);
    expect(first).toBe(at('Add a pet'));
    expect(typed.find(rows, first ?? 0, 'a', 100)).toBe(at('Admin'));
    expect(typed.find(rows, at('Admin'), 'a', 200)).toBe(at('Add a pet'));
  });

  it('stays where nothing fits', () => {
    expect(new Typeahead().find(rows, 3, 'z', 0)).toBeNull();
  });
});
