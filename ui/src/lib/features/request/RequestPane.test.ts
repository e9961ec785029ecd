import { render, screen, waitFor, within } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { describe, expect, it, vi } from 'vitest';
import { faults, shown, text, value } from '../../../../tests/page';
import type { Request } from '$lib/bridge/types';
import type { RequestFacts, SectionId } from './facts';
import { newRequest } from './fixtures';
import { withUrl } from './url/query';
import RequestPane from './RequestPane.svelte';

// The editor measures its text, which jsdom does not lay out.
Range.prototype.getClientRects ??= () => [] as unknown as DOMRectList;

const facts: RequestFacts = {
  identities: [],
  pools: [],
  chosenIdentity: null,
  inheritedToken: null,
  inheritedApiKey: null,
  inheritedFrom: { token: null, apiKey: null },
  canInherit: true,
  apiKeyStored: false,
  secretNames: [],
  variables: [],
};

function show(
  tab: SectionId,
  change: Partial<Request> = {},
  chooseFile = vi.fn(() => Promise.resolve<string | null>(null)),
) {
  let request: Request = { ...newRequest(), ...change };
  const onchange = vi.fn((next: Request) => {
    request = next;
    void view.rerender({ request });
  });
  const ontab = vi.fn((next: SectionId) => void view.rerender({ tab: next }));
  const actions = { storeKey: null, revealKey: () => Promise.resolve(''), signIn: () => {}, chooseFile };
  const view = render(RequestPane, { request, preview: null, facts, actions, tab, ontab, onchange });
  return { current: () => request, ontab };
}

const field = (name: string) => screen.getByRole('combobox', { name });

describe('headers', () => {
  it('grow by typing into the new one', async () => {
    const { current } = show('headers');
    await userEvent.type(field('New header name'), 'Accept');
    await userEvent.type(field('Header 1 value'), 'text/html');
    expect(current().headers).toEqual([{ name: 'Accept', value: 'text/html', disabled: false, description: '' }]);
    expect(value(field('New header name'))).toBe('');
  });

  it('are pasted as lines', async () => {
    const { current } = show('headers');
    await userEvent.click(field('New header name'));
    await userEvent.paste('Accept: */*\nX-A: b: c\n');
    expect(current().headers.map((row) => [row.name, row.value])).toEqual([
      ['Accept', '*/*'],
      ['X-A', 'b: c'],
    ]);
  });

  it('are switched off, edited as text and removed', async () => {
    const row = { name: 'Accept', value: '*/*', disabled: false, description: 'why' };
    const { current } = show('headers', { headers: [row] });
    await userEvent.click(screen.getByRole('checkbox', { name: 'Send header 1' }));
    expect(current().headers[0]?.disabled).toBe(true);
    await userEvent.click(screen.getByRole('button', { name: 'Edit as text' }));
    const text = screen.getByRole('textbox', { name: 'Headers as text' });
    expect(value(text)).toBe('// Accept: */*');
    await userEvent.type(text, '\nX-B: 2');
    expect(current().headers.map((header) => header.description)).toEqual(['why', '']);
    await userEvent.click(screen.getByRole('button', { name: 'Edit as table' }));
    await userEvent.click(screen.getByRole('button', { name: 'Remove header 2' }));
    expect(current().headers).toEqual([{ ...row, disabled: true }]);
  });

  it('change their order with Alt and the arrows', async () => {
    const rows = ['A', 'B'].map((name) => ({ name, value: name, disabled: false, description: '' }));
    const { current } = show('headers', { headers: rows });
    await userEvent.click(field('Header 2 value'));
    await userEvent.keyboard('{Alt>}{ArrowUp}{/Alt}');
    expect(current().headers.map((row) => row.name)).toEqual(['B', 'A']);
    await waitFor(() => expect(document.activeElement).toBe(field('Header 1 value')));
  });

  it('complete their names', async () => {
    const { current } = show('headers');
    await userEvent.type(field('New header name'), 'content-t{ArrowDown}{Enter}');
    expect(current().headers[0]?.name).toBe('Content-Type');
  });
});

describe('parameters', () => {
  it('change the URL', async () => {
    const { current } = show('params', withUrl(newRequest(), '/pets?type=dog'));
    await userEvent.type(field('Parameter 1 value'), 's');
    await userEvent.type(field('New parameter name'), 'page');
    await userEvent.type(field('Parameter 2 value'), '2&3');
    expect(current().url).toBe('/pets?type=dogs&page=2%263');
  });

  it('of the path have their own fields', async () => {
    const { current } = show('params', withUrl(newRequest(), '/pets/:petId'));
    await userEvent.type(field('Path parameter petId'), '7');
    expect(current().params).toMatchObject([{ place: 'path', name: 'petId', value: '7' }]);
    expect(current().url).toBe('/pets/:petId');
  });
});

describe('the body', () => {
  it('keeps what was typed through a look at another kind', async () => {
    const { current } = show('body', { body: { kind: 'json', text: '{"a":1}' } });
    await userEvent.click(screen.getByRole('radio', { name: 'Form' }));
    await userEvent.click(screen.getByRole('radio', { name: 'None' }));
    await userEvent.click(screen.getByRole('radio', { name: 'JSON' }));
    expect(current().body).toEqual({ kind: 'json', text: '{"a":1}' });
  });

  it('is indented on request, and left alone where it is no JSON', async () => {
    const { current } = show('body', { body: { kind: 'json', text: '{"a":1.0}' } });
    await userEvent.click(screen.getByRole('button', { name: 'Format' }));
    expect(current().body).toEqual({ kind: 'json', text: '{\n  "a": 1.0\n}' });
  });

  it('takes a file for a part', async () => {
    const choose = vi.fn(() => Promise.resolve('/home/ada/dog.png'));
    const part = { name: 'photo', value: '', file: false, contentType: '', disabled: false };
    const { current } = show('body', { body: { kind: 'multipart', parts: [part] } }, choose);
    await userEvent.click(screen.getByRole('button', { name: 'Choose a file for part 1' }));
    expect(current().body).toEqual({ kind: 'multipart', parts: [{ ...part, file: true, value: '/home/ada/dog.png' }] });
  });

  it('sends a part as a file whose path is typed', async () => {
    const part = { name: 'pets', value: '', file: false, contentType: '', disabled: false };
    const { current } = show('body', { body: { kind: 'multipart', parts: [part] } });
    await userEvent.click(screen.getByRole('button', { name: 'Send part 1 as a file' }));
    await userEvent.type(field('Part 1 file'), '/a.json');
    await userEvent.type(field('Part 1 media type'), 'application/x-pets');
    expect(current().body).toEqual({
      kind: 'multipart',
      parts: [{ ...part, file: true, value: '/a.json', contentType: 'application/x-pets' }],
    });
    await userEvent.click(screen.getByRole('button', { name: 'Send part 1 as text' }));
    expect(current().body).toMatchObject({ parts: [{ file: false, value: '' }] });
  });

  it('of an unknown kind is kept', () => {
    show('body', { body: { kind: 'foreign', bodyType: 'sparql' } });
    expect(shown(screen.getByText('sparql'))).toBe(true);
  });
});

describe('settings', () => {
  it('take whole numbers and nothing', async () => {
    const { current } = show('settings');
    const limit = screen.getByRole('textbox', { name: 'Time limit' });
    await userEvent.type(limit, '1500');
    expect(current().settings.timeout).toBe(1500);
    await userEvent.type(limit, 'x');
    expect(text(screen.getByRole('alert'))).toContain('A whole number');
    expect(current().settings.timeout).toBe(1500);
    await userEvent.clear(limit);
    expect(current().settings.timeout).toBeNull();
  });
});

it('sections tell how much is in them', async () => {
  const { ontab } = show('docs', withUrl({ ...newRequest(), docs: 'x' }, '/p?a=1'));
  const tabs = within(screen.getByRole('tablist', { name: 'Parts of the request' }));
  expect(shown(tabs.getByRole('tab', { name: 'Params 1' }))).toBe(true);
  await userEvent.click(tabs.getByRole('tab', { name: 'Headers' }));
  expect(ontab).toHaveBeenCalledWith('headers');
});

describe('axe finds nothing', () => {
  const row = { name: 'a', value: '1', disabled: false, description: '' };
  const bodies: Request['body'][] = [
    { kind: 'json', text: '{}' },
    { kind: 'form', fields: [row] },
    { kind: 'multipart', parts: [{ name: 'f', value: '/a', file: true, contentType: '', disabled: false }] },
    { kind: 'file', path: '', contentType: '' },
  ];

  it.each<SectionId>(['params', 'headers', 'auth', 'settings', 'docs'])('in the section %s', async (section) => {
    show(section, { ...withUrl(newRequest(), '/pets/:id?a=1'), headers: [row] });
    expect(await faults()).toEqual([]);
  });

  it.each(bodies)('in a body of the kind $kind', async (body) => {
    show('body', { body });
    expect(await faults()).toEqual([]);
  });
});
