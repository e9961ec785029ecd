import { render, screen } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { describe, expect, it, vi } from 'vitest';
import SegmentedControl from './SegmentedControl.svelte';
import Select from './Select.svelte';
import Splitter from './Splitter.svelte';
import Tabs from './Tabs.svelte';

const letters = ['Alpha', 'Beta', 'Gamma'].map((label) => ({ value: label.toLowerCase(), label }));

describe('a select', () => {
  const open = () => {
    const onchange = vi.fn();
    render(Select, { options: letters, value: 'alpha', label: 'Letter', onchange });
    const select = screen.getByRole('combobox', { name: 'Letter' });
    select.focus();
    return { onchange, select };
  };

  it('opens with Down at what is chosen, goes with the arrows and takes with Enter', async () => {
    const user = userEvent.setup();
    const { onchange, select } = open();
    await user.keyboard('{ArrowDown}');
    expect(select).toHaveAttribute('aria-expanded', 'true');
    expect(screen.getByRole('option', { name: 'Alpha' })).toHaveAttribute('aria-selected', 'true');
    await user.keyboard('{ArrowDown}{Enter}');
    expect(onchange).toHaveBeenCalledExactlyOnceWith('beta');
    expect(select).toHaveAttribute('aria-expanded', 'false');
  });

  it('closes with Escape without telling whatever stands round it', async () => {
    const user = userEvent.setup();
    const { onchange, select } = open();
    const around = vi.fn();
    document.addEventListener('keydown', around);
    await user.keyboard('{Enter}');
    around.mockClear();
    await user.keyboard('{Escape}');
    document.removeEventListener('keydown', around);
    expect(select).toHaveAttribute('aria-expanded', 'false');
    expect(around).not.toHaveBeenCalled();
    expect(onchange).not.toHaveBeenCalled();
  });

  it('finds by the beginning of a name', async () => {
    const user = userEvent.setup();
    const { onchange } = open();
    await user.keyboard('ga{Enter}');
    expect(onchange).toHaveBeenCalledExactlyOnceWith('gamma');
  });
});

describe('a segmented control', () => {
  it('is one stop, and the arrows choose, round the end', async () => {
    const user = userEvent.setup();
    const onchange = vi.fn();
    render(SegmentedControl, { options: letters, value: 'gamma', label: 'Letter', onchange });
    await user.tab();
    expect(screen.getByRole('radio', { name: 'Gamma' })).toHaveFocus();
    await user.keyboard('{ArrowRight}');
    expect(onchange).toHaveBeenCalledWith('alpha');
  });
});

describe('section tabs', () => {
  it('have the count in their name, and the arrows activate', async () => {
    const user = userEvent.setup();
    const onselect = vi.fn();
    const tabs = [
      { id: 'params', label: 'Params', count: 2 },
      { id: 'auth', label: 'Auth' },
    ];
    render(Tabs, { tabs, selected: 'params', onselect, label: 'Request', panelId: (id: string) => `p-${id}` });
    const first = screen.getByRole('tab', { name: 'Params 2' });
    expect(first).toHaveAttribute('aria-controls', 'p-params');
    first.focus();
    await user.keyboard('{ArrowRight}');
    expect(onselect).toHaveBeenLastCalledWith('auth');
    expect(screen.getByRole('tab', { name: 'Auth' })).toHaveFocus();
    await user.keyboard('{End}{Home}');
    expect(onselect).toHaveBeenLastCalledWith('params');
  });
});

describe('a splitter', () => {
  it('tells its value and moves with the keys, within its bounds', async () => {
    const user = userEvent.setup();
    const onchange = vi.fn();
    render(Splitter, { label: 'Width', value: 210, min: 200, max: 400, natural: 264, onchange });
    const splitter = screen.getByRole('separator', { name: 'Width' });
    expect(splitter).toHaveAttribute('aria-valuenow', '210');
    splitter.focus();
    await user.keyboard('{ArrowRight}{ArrowLeft}{Home}{End}{Enter}');
    expect(onchange.mock.calls.flat()).toEqual([226, 200, 200, 400, 264]);
  });
});
