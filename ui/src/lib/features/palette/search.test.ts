import { describe, expect, it } from 'vitest';
import type { Collection } from '$lib/bridge/types';
import { collection } from '../../../../tests/preview/data';
import { requestEntries, resultLimit, search } from './search';

function large(): Collection {
  const items = Array.from({ length: 10_000 }, (_, at) => ({
    kind: 'request' as const,
    path: `r${at}.yml`,
    name: `Request ${at}`,
    method: 'GET',
    url: `/things/${at}`,
  }));
  return { ...collection, items };
}

const titles = (text: string, entries = requestEntries([collection])) =>
  search(entries, text).map((entry) => entry.title);

describe('the palette', () => {
  it('finds a request by parts of its name', () => {
    expect(titles('plord')[0]).toBe('Place an order');
  });

  it('finds a request by its URL and by its folder', () => {
    expect(titles('admin/usage')).toContain('Usage');
    expect(
      titles('orders')
        .slice(0, 3)
        .every((title) => title.includes('order')),
    ).toBe(true);
  });

  it('finds nothing for what is not there', () => {
    expect(titles('zzzzqqq')).toEqual([]);
  });

  it('shows no more than a screen holds of ten thousand', () => {
    const entries = requestEntries([large()]);
    expect(entries).toHaveLength(10_000);
    expect(search(entries, 'request')).toHaveLength(resultLimit);
    expect(titles('Request 9999', entries)[0]).toBe('Request 9999');
  });
});
