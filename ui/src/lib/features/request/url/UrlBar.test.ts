import { render, screen } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { describe, expect, it, vi } from 'vitest';
import { text } from '../../../../../tests/page';
import { menus } from '$lib/components/menu.svelte';
import type { Request } from '$lib/bridge/types';
import { newRequest } from '../fixtures';
import UrlBar from './UrlBar.svelte';

const variables = [
  { name: 'invokeUrl', value: 'http://127.0.0.1/dev', secret: false, source: 'Sandbox' },
  { name: 'petKey', value: '', secret: true, source: 'Sandbox' },
];

function show(change: Record<string, unknown> = {}) {
  let request: Request = newRequest();
  const onsend = vi.fn();
  const oncancel = vi.fn();
  const onchange = vi.fn((next: Request) => {
    request = next;
    void view.rerender({ request });
  });
  const view = render(UrlBar, {
    request,
    variables,
    sending: false,
    sendKeys: 'Ctrl ⏎',
    sendAsKeys: 'Ctrl Shift ⏎',
    sendAsItems: () => [],
    onchange,
    onsend,
    oncancel,
    ...change,
  });
  return { onsend, oncancel, current: () => request, field: screen.getByRole('combobox', { name: 'URL' }) };
}

describe('the URL', () => {
  it('that is typed fills the parameters', async () => {
    const { current, field } = show();
    await userEvent.type(field, '/pets?type=dog&page=2');
    expect(current().params.map((row) => `${row.name}=${row.value}`)).toEqual(['type=dog', 'page=2']);
  });

  it('is sent with Enter', async () => {
    const { onsend, field } = show();
    await userEvent.type(field, '/pets{Enter}');
    expect(onsend).toHaveBeenCalledOnce();
    expect(performance.getEntriesByName('gatepass-send')).toHaveLength(1);
  });

  it('completes a variable with Down and Enter, which does not send', async () => {
    const { onsend, current, field } = show();
    await userEvent.type(field, '{{{{inv');
    expect(screen.getAllByRole('option').map((option) => option.textContent.trim())).toEqual([
      'invokeUrl http://127.0.0.1/dev',
    ]);
    expect(field.getAttribute('aria-expanded')).toBe('true');
    await userEvent.keyboard('{ArrowDown}');
    expect(field.getAttribute('aria-activedescendant')).toBe(screen.getByRole('option').id);
    await userEvent.keyboard('{Enter}/pets');
    expect(current().url).toBe('{{invokeUrl}}/pets');
    expect(onsend).not.toHaveBeenCalled();
    expect(field.getAttribute('aria-expanded')).toBe('false');
  });

  it('leaves what is typed when Escape closes the completions', async () => {
    const { current, field } = show();
    await userEvent.type(field, '{{{{pet{Escape}');
    expect(screen.queryByRole('listbox')).toBeNull();
    expect(current().url).toBe('{{pet');
  });

  it('never shows the value of a secret among the completions', async () => {
    const { field } = show();
    await userEvent.type(field, '{{{{pet');
    expect(text(screen.getByRole('option'))).toContain('petKey secret');
  });

  it('loses the line breaks of what is pasted', async () => {
    const { current, field } = show();
    await userEvent.click(field);
    await userEvent.paste(' https://a.test/pets\n?a=1 \n');
    expect(current().url).toBe('https://a.test/pets?a=1');
  });

  it('leaves a paste to whoever takes it', async () => {
    const onpaste = vi.fn((text: string) => text.startsWith('curl '));
    const { current, field } = show({ onpaste });
    await userEvent.click(field);
    await userEvent.paste('curl https://a.test');
    expect(current().url).toBe('');
    expect(onpaste).toHaveBeenCalledWith('curl https://a.test');
  });
});

describe('the method', () => {
  it('is chosen with the arrows', async () => {
    const { current } = show();
    screen.getByRole('combobox', { name: 'Method' }).focus();
    await userEvent.keyboard('{ArrowDown}{ArrowDown}{Enter}');
    expect(current().method).toBe('POST');
  });

  it('may be any that is typed', async () => {
    const { current } = show();
    const method = screen.getByRole('combobox', { name: 'Method' });
    await userEvent.clear(method);
    await userEvent.type(method, 'purge');
    expect(current().method).toBe('PURGE');
  });
});

it('while it is sent offers to cancel, once that takes its time', async () => {
  const { onsend, oncancel } = show({ sending: true });
  await userEvent.click(screen.getByRole('button', { name: 'Send' }));
  expect(onsend).not.toHaveBeenCalled();
  await userEvent.click(await screen.findByRole('button', { name: 'Cancel' }));
  expect(oncancel).toHaveBeenCalledOnce();
});

it('is sent once by a double click', async () => {
  const { onsend } = show();
  await userEvent.dblClick(screen.getByRole('button', { name: 'Send' }));
  expect(onsend).toHaveBeenCalledOnce();
});

describe('sending as somebody', () => {
  const items = () => [{ label: 'grace', run: () => {} }];

  it('opens a menu beside Send', async () => {
    const { onsend } = show({ sendAsItems: items });
    const split = screen.getByRole('button', { name: 'Send as' });
    expect(split.getAttribute('aria-haspopup')).toBe('menu');
    await userEvent.click(split);
    expect(menus.current?.items).toMatchObject([{ label: 'grace' }]);
    expect(split.getAttribute('aria-expanded')).toBe('true');
    menus.close();
    expect(document.activeElement).toBe(split);
    expect(onsend).not.toHaveBeenCalled();
  });

  it('waits while a send is under way', async () => {
    show({ sending: true, sendAsItems: items });
    const split = screen.getByRole('button', { name: 'Send as' });
    await userEvent.click(split);
    expect(menus.current).toBeNull();
    await screen.findByRole('button', { name: 'Cancel' });
    expect(split.getAttribute('aria-disabled')).toBe('true');
    expect([split.hasAttribute('disabled'), document.activeElement === split]).toEqual([false, true]);
  });
});
