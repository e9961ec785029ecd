import { describe, expect, it } from 'vitest';
import { blankRequest } from './requests/blank';
import { Desk } from './desk.svelte';

const root = '/pets';

function deskWith(...paths: string[]): Desk {
  const desk = new Desk();
  for (const path of paths) desk.open({ collection: root, path });
  return desk;
}

const paths = (desk: Desk) => desk.tabs.map((tab) => tab.path);

describe('the desk', () => {
  it('opens a tab at the right of the one that is shown', () => {
    const desk = deskWith('a.yml', 'b.yml');
    desk.activate(desk.tabs[0]?.id ?? '');
    desk.open({ collection: root, path: 'c.yml' });
    expect(paths(desk)).toEqual(['a.yml', 'c.yml', 'b.yml']);
    expect(desk.active?.path).toBe('c.yml');
  });

  it('shows the right neighbour of a closed tab, else the left one', () => {
    const desk = deskWith('a.yml', 'b.yml', 'c.yml');
    desk.show(1);
    desk.close(desk.tabs[1] as never);
    expect(desk.active?.path).toBe('c.yml');
    desk.close(desk.tabs[1] as never);
    expect(desk.active?.path).toBe('a.yml');
  });

  it('reopens closed tabs, the last one first, each at its place with what was typed', () => {
    const desk = deskWith('a.yml');
    const draft = desk.open({ collection: null, path: null });
    draft.edit({ ...blankRequest(), url: 'https://api.test/typed' });
    desk.open({ collection: root, path: 'c.yml' });
    desk.close(draft);
    desk.reopen();
    expect(desk.active?.request?.url).toBe('https://api.test/typed');
    expect(paths(desk)).toEqual(['a.yml', null, 'c.yml']);
    expect(desk.canReopen).toBe(false);
  });

  it('does not open a request twice when it reopens', () => {
    const desk = deskWith('a.yml', 'b.yml');
    desk.close(desk.tabs[0] as never);
    desk.open({ collection: root, path: 'a.yml' });
    desk.reopen();
    expect(paths(desk).filter((path) => path === 'a.yml')).toHaveLength(1);
  });

  it('goes round the end', () => {
    const desk = deskWith('a.yml', 'b.yml', 'c.yml');
    desk.step(1);
    expect(desk.active?.path).toBe('a.yml');
    desk.step(-1);
    expect(desk.active?.path).toBe('c.yml');
  });

  it('shows the last tab for the ninth place', () => {
    const desk = deskWith('a.yml', 'b.yml');
    desk.show(0);
    desk.show(8);
    expect(desk.active?.path).toBe('b.yml');
  });

  it('comes back as it was left, drafts of never-saved requests too', () => {
    const desk = deskWith('a.yml');
    desk
      .open({ collection: null, path: null })
      .edit({ ...blankRequest(), method: 'POST', url: 'https://api.test/new' });
    desk.identity = 'ada';
    desk.environments.set(root, 'Staging');
    desk.fold(root, 'orders', true);
    desk.layout.theme = 'dark';
    const again = new Desk();
    again.restore(structuredClone(desk.snapshot()));
    expect(again.snapshot()).toEqual(desk.snapshot());
    expect(again.active?.request?.url).toBe('https://api.test/new');
    expect(again.isUnfolded(root, 'orders')).toBe(true);
  });

  it('stands on what an older file does not say', () => {
    const desk = new Desk();
    desk.restore({ tabs: [], activeTab: 'gone', layout: {} });
    expect(desk.active).toBeNull();
    expect(desk.layout.sidebarWidth).toBe(264);
  });

  it('follows a folder that was renamed: its tabs, what is in it, what is unfolded', () => {
    const desk = deskWith('orders/a.yml', 'orders-old.yml');
    desk.fold(root, 'orders', true);
    desk.fold(root, 'orders/open', true);
    desk.moved(root, 'orders', 'sales');
    expect(paths(desk)).toEqual(['sales/a.yml', 'orders-old.yml']);
    expect(desk.isUnfolded(root, 'sales/open')).toBe(true);
    expect(desk.isUnfolded(root, 'orders')).toBe(false);
  });
});

describe('the identity of an environment', () => {
  function deskOf(): Desk {
    const desk = new Desk();
    desk.goWith(root, 'Staging', 'grace');
    desk.goWith(root, 'Production', 'ada');
    desk.environments.set(root, 'Staging');
    return desk;
  }

  it('comes back after a restart', () => {
    const desk = new Desk();
    desk.restore(deskOf().snapshot());
    expect(desk.identityOf(root, 'Staging')).toBe('grace');
    expect(desk.identityOf('/others', 'Staging')).toBeNull();
  });

  it('goes along when the environment is renamed', () => {
    const desk = deskOf();
    desk.environmentRenamed(root, 'Staging', 'Test');
    expect([desk.identityOf(root, 'Test'), desk.identityOf(root, 'Staging')]).toEqual(['grace', null]);
    expect(desk.environments.get(root)).toBe('Test');
  });

  it('goes with the environment, and with the identity', () => {
    const desk = deskOf();
    desk.environmentGone(root, 'Staging');
    expect(desk.identityOf(root, 'Staging')).toBeNull();
    expect(desk.environments.has(root)).toBe(false);
    desk.identity = 'ada';
    desk.identityGone('ada');
    expect(desk.identity).toBeNull();
    expect(desk.snapshot().identities).toEqual([]);
  });
});
