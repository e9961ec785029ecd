import { describe, expect, it, test } from 'vitest';
import { collection } from '../../../../tests/preview/data';
import { type DropPlace, dropPlace, landing } from './drop';
import { flatten } from './rows';

const rows = flatten([collection], (_root, path) => path === '' || path === 'orders', null);
const row = (name: string) => rows.find((other) => other.name === name) as (typeof rows)[number];

describe('a drop', () => {
  test.each([
    ['PetStore', 0.1, 'inside'],
    ['Admin', 0.1, 'before'],
    ['Admin', 0.5, 'inside'],
    ['Admin', 0.9, 'after'],
    ['Orders', 0.9, 'inside'],
    ['List pets', 0.4, 'before'],
    ['List pets', 0.6, 'after'],
  ] as [string, number, DropPlace][])('on %s at %d lands %s', (name, y, place) => {
    expect(dropPlace(row(name), y)).toBe(place);
  });

  test.each([
    ['List pets.yml', 'Cancel an order', 'before', { folder: 'orders', before: 'orders/Cancel an order.yml' }],
    ['List pets.yml', 'Cancel an order', 'after', { folder: 'orders', before: null }],
    ['List pets.yml', 'Admin', 'inside', { folder: 'admin', before: null }],
    ['orders/Open orders.yml', 'PetStore', 'inside', { folder: '', before: null }],
    ['List pets.yml', 'Show a pet', 'after', { folder: '', before: 'Add a pet.yml' }],
  ] as [string, string, DropPlace, object][])('of %s on %s, %s', (path, target, place, expected) => {
    expect(landing(collection, path, row(target), place)).toEqual(expected);
  });

  it('of a folder into itself, or of a row on itself, does nothing', () => {
    expect(landing(collection, 'orders', row('Orders'), 'inside')).toBeNull();
    expect(landing(collection, 'orders', row('Open orders'), 'before')).toBeNull();
    expect(landing(collection, 'List pets.yml', row('List pets'), 'after')).toBeNull();
    expect(landing(collection, 'List pets.yml', row('Show a pet'), 'before')).not.toBeNull();
  });

  it('into another collection does nothing', () => {
    expect(landing({ ...collection, root: '/other' }, 'List pets.yml', row('Orders'), 'inside')).toBeNull();
  });
});
