import { render, screen, waitFor, within } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import axe from 'axe-core';
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Startup } from '$lib/bridge/types';
import { fakeBridge, type FakeBridge } from '../tests/preview/bridge';
import { menus } from '$lib/components/menu.svelte';
import Root from './Root.svelte';

let fake: FakeBridge;
let user: ReturnType<typeof userEvent.setup>;

// The window loads these when they are first needed; the compiler takes its time over them once.
beforeAll(async () => {
  await Promise.all([
    import('$lib/components/MenuSurface.svelte'),
    import('$lib/features/frame/IdentitySheets.svelte'),
    import('$lib/features/frame/QuestionSheet.svelte'),
    import('$lib/features/collections/SaveSheet.svelte'),
    import('$lib/features/collections/NewCollectionSheet.svelte'),
    import('$lib/features/keys/KeysSheet.svelte'),
    import('$lib/features/palette/Palette.svelte'),
    import('$lib/features/settings/SettingsSheet.svelte'),
    import('$lib/features/inspector/TokenInspector.svelte'),
  ]);
}, 120_000);

beforeEach(() => {
  fake = fakeBridge();
  user = userEvent.setup();
});

afterEach(() => {
  menus.close();
  document.documentElement.removeAttribute('data-theme');
  localStorage.clear();
});

async function open(change: (startup: Startup) => Startup = (startup) => startup): Promise<void> {
  const startup = fake.bridge.start().then(change);
  render(Root, { bridge: fake.bridge, startup });
  await startup;
}

const empty = (startup: Startup): Startup => ({
  ...startup,
  collections: [],
  pools: [],
  identities: [],
  sandbox: null,
  desk: { tabs: [], activeTab: null, identity: null, environments: [], unfolded: [], layout: {} },
});

/** Colours need a real screen: they are checked with the tokens. */
async function faults(): Promise<string[]> {
  const { violations } = await axe.run(document.body, { rules: { 'color-contrast': { enabled: false } } });
  return violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.html.slice(0, 160)}`));
}

const tree = () => screen.getByRole('tree', { name: 'Collections' });
const row = (name: string | RegExp) => within(tree()).getByRole('treeitem', { name });
const tab = (name: string | RegExp) =>
  within(screen.getByRole('tablist', { name: 'Open requests' })).getByRole('tab', { name });

/** Gives what stands in the open menu, which counts as hidden without a screen: it has no place there. */
async function menuText(words: string | RegExp): Promise<HTMLElement> {
  return within(await screen.findByRole('menu', { hidden: true })).findByText(words);
}

/** Runs a command by its name. */
async function command(name: string): Promise<void> {
  await user.keyboard('{Control>}k{/Control}');
  await user.type(await screen.findByRole('combobox', { name: 'Search requests or run a command' }), name);
  await user.keyboard('{Enter}');
}

describe('the first run', () => {
  it('offers the ways to begin', async () => {
    await open(empty);
    expect(await screen.findByRole('heading', { name: 'Call an API that is behind a login.' })).toBeVisible();
    expect(screen.getByText('Nothing saved yet')).toBeVisible();
    expect(await faults()).toEqual([]);
  });

  it('shows the sandbox’s first request once it runs', async () => {
    await open(empty);
    await user.click(await screen.findByRole('button', { name: 'Start the sandbox' }));
    expect(await screen.findByRole('tab', { name: 'GET List pets' })).toHaveAttribute('aria-selected', 'true');
    expect(screen.getByRole('region', { name: 'First steps' })).toBeVisible();
  });

  it('says so when Rust cannot start', async () => {
    const startup = Promise.reject({ code: 'internal', message: 'the data folder is read-only', hint: '', causes: [] });
    startup.catch(() => {});
    render(Root, { bridge: fake.bridge, startup });
    expect(await screen.findByText('the data folder is read-only')).toBeVisible();
  });
});

describe('the window', () => {
  it('comes back with its tabs, and axe finds nothing', async () => {
    await open();
    expect(await screen.findByRole('tab', { name: 'GET List pets' })).toHaveAttribute('aria-selected', 'true');
    expect(tab('POST Place an order, unsaved')).toHaveAttribute('aria-selected', 'false');
    expect(row('GET List pets')).toHaveAttribute('aria-selected', 'true');
    expect(await faults()).toEqual([]);
  });

  it.each([
    ['Settings', 'Settings'],
    ['Keys', 'Keys'],
    ['New collection', 'New collection'],
    ['Edit the environments', 'Environments'],
    ['Connect a user pool', /Connect/],
    ['Show the session and its claims', /ada/],
    ['Inspect a token', 'Inspect a token'],
  ])('opens a dialog in which axe finds nothing: %s', async (title, name) => {
    await open();
    await screen.findByRole('tab', { name: 'GET List pets' });
    await command(title);
    await screen.findByRole('dialog', { name });
    expect(await faults()).toEqual([]);
  });

  it('saves itself a moment after it changed', async () => {
    const saveDesk = vi.spyOn(fake.bridge, 'saveDesk');
    await open();
    await screen.findByRole('tab', { name: 'GET List pets' });
    await user.keyboard('{Control>}j{/Control}');
    await waitFor(() => expect(saveDesk.mock.lastCall?.[0].layout?.stacked).toBe(true));
  });
});

describe('a change that overtakes the start-up state', () => {
  it('is not lost', async () => {
    let answer: (startup: Startup) => void = () => {};
    const startup = new Promise<Startup>((resolve) => (answer = resolve));
    render(Root, { bridge: fake.bridge, startup });
    const early = await fake.bridge.start();
    await Promise.resolve();
    fake.tell({ kind: 'keychain', keychain: { kind: 'locked' } });
    answer(early);
    expect(await screen.findByText('Keychain locked')).toBeVisible();
  });
});

describe('the keys of the window', () => {
  it('never reload the web view', async () => {
    await open();
    for (const init of [{ key: 'F5' }, { key: 'r', ctrlKey: true }, { key: 'R', ctrlKey: true, shiftKey: true }]) {
      const event = new KeyboardEvent('keydown', { ...init, cancelable: true, bubbles: true });
      document.body.dispatchEvent(event);
      expect(event.defaultPrevented).toBe(true);
    }
  });

  it('hide and show the sidebar', async () => {
    await open();
    await screen.findByRole('tab', { name: 'GET List pets' });
    await user.keyboard('{Control>}b{/Control}');
    expect(screen.queryByRole('tree')).toBeNull();
    await user.keyboard('{Control>}b{/Control}');
    expect(tree()).toBeVisible();
  });

  it('go to a request by a part of its name', async () => {
    await open();
    await screen.findByRole('tab', { name: 'GET List pets' });
    await user.keyboard('{Control>}p{/Control}');
    const field = await screen.findByRole('combobox', { name: 'Open a request by name' });
    await user.type(field, 'cancel');
    expect(screen.getByRole('option', { selected: true })).toHaveTextContent('Cancel an order');
    await user.keyboard('{Enter}');
    await waitFor(() => expect(tab('DELETE Cancel an order')).toHaveAttribute('aria-selected', 'true'));
    expect(screen.queryByRole('dialog')).toBeNull();
  });

  it('do not act behind a dialog', async () => {
    await open();
    await screen.findByRole('tab', { name: 'GET List pets' });
    await command('Settings');
    await screen.findByRole('dialog', { name: 'Settings' });
    await user.keyboard('{Control>}b{/Control}');
    expect(document.querySelector('[role=tree]')).not.toBeNull();
  });

  it('ask before a tab with changes is closed, and Escape keeps it', async () => {
    await open();
    await user.click(await screen.findByRole('tab', { name: 'POST Place an order, unsaved' }));
    await user.keyboard('{Control>}w{/Control}');
    const question = await screen.findByRole('alertdialog');
    expect(within(question).getByRole('button', { name: 'Save' })).toHaveFocus();
    await user.keyboard('{Escape}');
    await waitFor(() => expect(screen.queryByRole('alertdialog')).toBeNull());
    expect(tab('POST Place an order, unsaved')).toBeVisible();
  });
});

describe('the tabs', () => {
  it('are one stop: arrows go, Enter shows, Delete closes', async () => {
    await open();
    await screen.findByRole('tab', { name: 'GET List pets' });
    const first = tab('GET List pets');
    first.focus();
    await user.keyboard('{ArrowRight}');
    expect(tab(/Place an order/)).toHaveFocus();
    expect(first).toHaveAttribute('aria-selected', 'true');
    await user.keyboard('{Enter}');
    expect(tab(/Place an order/)).toHaveAttribute('aria-selected', 'true');
    await user.keyboard('{Home}{Delete}');
    await waitFor(() => expect(screen.queryByRole('tab', { name: 'GET List pets' })).toBeNull());
  });
});

describe('the tree', () => {
  it('is one stop, and its keys go, fold and open', async () => {
    await open();
    await screen.findByRole('tab', { name: 'GET List pets' });
    tree().focus();
    await user.keyboard('{Home}');
    expect(tree()).toHaveAttribute('aria-activedescendant', row('PetStore').id);
    await user.keyboard('{ArrowDown}{ArrowDown}{Enter}');
    await waitFor(() => expect(tab('GET Show a pet')).toHaveAttribute('aria-selected', 'true'));
    await user.keyboard('orders{ArrowLeft}');
    expect(row('Orders')).toHaveAttribute('aria-expanded', 'false');
    expect(screen.queryByRole('treeitem', { name: 'GET Open orders' })).toBeNull();
  });

  it('renames in place, and Escape leaves the name as it was', async () => {
    const rename = vi.spyOn(fake.bridge, 'renameItem');
    await open();
    await screen.findByRole('tab', { name: 'GET List pets' });
    tree().focus();
    await user.keyboard('show{F2}');
    const field = await screen.findByRole('textbox', { name: 'New name of Show a pet' });
    expect(field).toHaveFocus();
    await user.keyboard('x{Escape}');
    expect(rename).not.toHaveBeenCalled();
    expect(tree()).toHaveFocus();
    await user.keyboard('{F2}One pet{Enter}');
    await waitFor(() => expect(row('GET One pet')).toBeVisible());
  });

  it('deletes with a way back', async () => {
    await open();
    await screen.findByRole('tab', { name: 'GET List pets' });
    tree().focus();
    await user.keyboard('show{Delete}');
    await waitFor(() => expect(screen.queryByRole('treeitem', { name: 'GET Show a pet' })).toBeNull());
    await user.click(await screen.findByRole('button', { name: 'Undo' }));
    await waitFor(() => expect(row('GET Show a pet')).toBeVisible());
  });

  it('moves a row among its neighbours, and tells where to', async () => {
    await open();
    await screen.findByRole('tab', { name: 'GET List pets' });
    tree().focus();
    await user.keyboard('show{Alt>}{ArrowUp}{/Alt}');
    await waitFor(() => expect(row('GET Show a pet')).toHaveAttribute('aria-posinset', '1'));
    expect(screen.getByText('Moved to place 1 of 7')).toBeInTheDocument();
  });

  it('shows the rows that fit of ten thousand', async () => {
    const requests = Array.from({ length: 10_000 }, (_, at) => ({
      kind: 'request' as const,
      path: `r${at}.yml`,
      name: `Request ${at}`,
      method: 'GET',
      url: '',
    }));
    await open((startup) => ({
      ...startup,
      collections: startup.collections.map((collection) => ({ ...collection, items: requests })),
    }));
    await screen.findByRole('tree');
    expect(screen.getAllByRole('treeitem').length).toBeLessThan(80);
    tree().focus();
    await user.keyboard('{End}');
    await waitFor(() => expect(tree()).toHaveAttribute('aria-activedescendant', 'tree-row-10000'));
  });
});

describe('saving', () => {
  it('of a request that was never saved asks for its name and place', async () => {
    await open();
    await screen.findByRole('tab', { name: 'GET List pets' });
    await user.keyboard('{Control>}n{/Control}');
    const url = await screen.findByRole('combobox', { name: /URL/ });
    await waitFor(() => expect(url).toHaveFocus());
    await user.type(url, 'https://api.test/new');
    await user.keyboard('{Control>}s{/Control}');
    const dialog = await screen.findByRole('dialog', { name: 'Save the request' });
    const name = within(dialog).getByRole('textbox', { name: 'Name' });
    await user.clear(name);
    await user.type(name, 'Brand new{Enter}');
    await waitFor(() => expect(row('GET Brand new')).toBeVisible());
    expect(tab('GET Brand new')).toHaveAttribute('aria-selected', 'true');
  });

  it('that fails says why in its dialog, and nothing typed is lost', async () => {
    fake.bridge.createRequest = () =>
      Promise.reject({ code: 'nameInvalid', message: 'A name cannot have a slash.', hint: '', causes: [] });
    await open();
    await screen.findByRole('tab', { name: 'GET List pets' });
    await user.keyboard('{Control>}n{/Control}{Control>}s{/Control}');
    const dialog = await screen.findByRole('dialog', { name: 'Save the request' });
    await user.click(within(dialog).getByRole('button', { name: 'Save' }));
    expect(await within(dialog).findByText('A name cannot have a slash.')).toBeVisible();
    expect(within(dialog).getByRole('textbox', { name: 'Name' })).toHaveValue('New request');
  });
});

describe('a conflict', () => {
  it('is asked about in the tab', async () => {
    await open();
    await user.click(await screen.findByRole('tab', { name: 'POST Place an order, unsaved' }));
    const path = 'orders/Place an order.yml';
    const opened = await fake.bridge.openRequest('/home/ada/petstore', path);
    await fake.bridge.saveRequest('/home/ada/petstore', path, { ...opened.request, method: 'PUT' }, '1', true);
    await user.keyboard('{Control>}s{/Control}');
    await user.click(await screen.findByRole('button', { name: 'Take theirs' }));
    await waitFor(() => expect(tab('PUT Place an order')).toBeVisible());
  });
});

describe('sending as somebody', () => {
  it('is reached by its key, and the answer says as whom', async () => {
    await open();
    await screen.findByRole('tab', { name: 'GET List pets' });
    await screen.findByText('ID token of ada');
    await user.keyboard('{Control>}{Shift>}{Enter}{/Shift}{/Control}');
    expect(await menuText(/signs in first/)).toBeInTheDocument();
    expect(await faults()).toEqual([]);
    await user.click(await menuText('grace, admin'));
    const notes = await screen.findByRole('list', { name: 'How it was sent' });
    expect(notes).toHaveTextContent('as grace, admin');
    expect(screen.getByRole('button', { name: /^Identity ada/ })).toBeVisible();
  });
});

describe('what is typed into the sheet of a new pool', () => {
  it('is there again after Escape', async () => {
    const connect = async () => {
      await user.keyboard('{Control>},{/Control}');
      await user.click(await screen.findByRole('button', { name: 'Connect a user pool' }));
      return within(await screen.findByRole('dialog', { name: 'Connect your user pool' }));
    };
    await open();
    await screen.findByRole('tab', { name: /List pets/ });
    const first = await connect();
    await user.click(first.getByRole('button', { name: 'Fill it in by hand' }));
    await user.type(first.getByLabelText('Domain'), 'acme.test');
    await user.keyboard('{Escape}');
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
    expect((await connect()).getByLabelText('Domain')).toHaveValue('acme.test');
  });
});

describe('the sheet of an identity', () => {
  const sheet = () => screen.findByRole('dialog', { name: 'Session of grace, admin' });

  /** Shows who belongs to a pool of the user’s own. */
  async function openGrace() {
    await open((startup) => ({
      ...startup,
      pools: startup.pools.map((pool) => ({ ...pool, sandbox: false })),
    }));
    await user.click(await screen.findByRole('button', { name: /^Session of grace/ }));
    return within(await sheet());
  }

  it('comes back after its pool was edited', async () => {
    const first = await openGrace();
    await user.click(first.getByRole('button', { name: 'Edit the pool' }));
    const pool = await screen.findByRole('dialog', { name: 'Edit the user pool' });
    await user.click(within(pool).getByRole('button', { name: 'Save' }));
    expect(await sheet()).toBeVisible();
    expect(screen.queryByRole('dialog', { name: 'Edit the user pool' })).toBeNull();
  });

  it('stays when the question over it is answered with the pointer', async () => {
    await open();
    await user.dblClick(await screen.findByRole('button', { name: /^Use staging bot/ }));
    const dialog = await screen.findByRole('dialog', { name: 'Session of staging bot' });
    await user.click(within(dialog).getByRole('button', { name: 'Remove' }));
    const question = await screen.findByRole('alertdialog', { name: 'Remove staging bot?' });
    await user.click(within(question).getByRole('button', { name: 'Cancel' }));
    await waitFor(() => expect(screen.queryByRole('alertdialog')).toBeNull());
    expect(await screen.findByRole('dialog', { name: 'Session of staging bot' })).toBeVisible();
  });

  it('keeps what is typed when the question whether to remove is answered with no', async () => {
    const first = await openGrace();
    await user.click(first.getByRole('button', { name: 'Edit' }));
    await user.type(first.getByLabelText('Language'), 'de');
    await user.click(first.getByRole('button', { name: 'Remove this identity' }));
    const question = await screen.findByRole('alertdialog', { name: 'Remove grace, admin?' });
    expect(within(question).getByRole('button', { name: 'Cancel' })).toHaveFocus();
    expect(await faults()).toEqual([]);
    await user.keyboard('{Escape}');
    await waitFor(() => expect(screen.queryByRole('alertdialog')).toBeNull());
    expect(within(await sheet()).getByLabelText('Language')).toHaveValue('de');
  });
});

describe('the identity of an environment', () => {
  it('is chosen in the sheet, kept, and goes with the environment', async () => {
    const saveDesk = vi.spyOn(fake.bridge, 'saveDesk');
    await open();
    await screen.findByRole('tab', { name: 'GET List pets' });
    await command('Edit the environments');
    await user.click(await screen.findByRole('button', { name: 'Staging' }));
    await user.click(screen.getByRole('combobox', { name: 'Signs in as' }));
    await user.click(screen.getByRole('option', { name: /^grace/ }));
    await user.click(screen.getByRole('button', { name: 'Save' }));
    await user.click(await screen.findByRole('button', { name: 'Close' }));
    expect(screen.getByRole('button', { name: /^Identity ada/ })).toBeVisible();
    await user.click(screen.getByRole('button', { name: 'Environment: Sandbox' }));
    await user.click(await menuText('Staging'));
    expect(await screen.findByRole('button', { name: /^Identity grace, admin/ })).toBeVisible();
    await waitFor(() =>
      expect(saveDesk.mock.lastCall?.[0].identities).toMatchObject([{ environment: 'Staging', identity: 'grace' }]),
    );
  });
});

describe('a window that closes', () => {
  it('has what was changed last kept before', async () => {
    const calls: string[] = [];
    vi.spyOn(fake.bridge, 'saveDesk').mockImplementation(async ({ layout }) => {
      await Promise.resolve();
      calls.push(`saved ${layout?.stacked}`);
      return null;
    });
    vi.spyOn(fake.bridge, 'closeWindow').mockImplementation(() => {
      calls.push('closed');
      return Promise.resolve(null);
    });
    await open();
    await screen.findByRole('tab', { name: 'GET List pets' });
    await user.keyboard('{Control>}j{/Control}');
    fake.askToClose();
    await waitFor(() => expect(calls.at(-1)).toBe('closed'));
    expect(calls.at(-2)).toBe('saved true');
  });
});

describe('a token that was pasted', () => {
  it('is in nothing that is saved', async () => {
    const saveDesk = vi.spyOn(fake.bridge, 'saveDesk');
    await open();
    await screen.findByRole('tab', { name: 'GET List pets' });
    await command('Inspect a token');
    await user.click(await screen.findByRole('textbox', { name: 'Token' }));
    await user.paste('eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJhZGEifQ.c2ln');
    expect(await screen.findByRole('table', { name: 'Claims' })).toBeVisible();
    await user.keyboard('{Escape}');
    await user.keyboard('{Control>}j{/Control}');
    await waitFor(() => expect(saveDesk).toHaveBeenCalled());
    expect(JSON.stringify(saveDesk.mock.calls)).not.toContain('eyJ');
    expect(JSON.stringify(Object.entries(localStorage))).not.toContain('eyJ');
    await command('Inspect a token');
    expect(await screen.findByRole('textbox', { name: 'Token' })).toHaveValue('');
  });
});
