import { describe, expect, it, vi } from 'vitest';
import { type ActionId, Actions, actionSpecs, type Deed } from './actions';

const ids = Object.keys(actionSpecs) as ActionId[];

function actionsWith(deeds: Partial<Record<ActionId, Deed>>, fail = vi.fn()) {
  const rest = Object.fromEntries(ids.map((id) => [id, { run: () => {} }])) as Record<ActionId, Deed>;
  return new Actions({ ...rest, ...deeds }, () => 'linux', fail);
}

describe('the registry of actions', () => {
  it('gives no chord to two actions', () => {
    const chords = ids.flatMap((id) => actionSpecs[id].keys);
    expect(new Set(chords).size).toBe(chords.length);
  });

  it('names each action once, in words for the palette', () => {
    const titles = ids.map((id) => actionSpecs[id].title);
    expect(new Set(titles).size).toBe(titles.length);
    expect(titles.every((title) => /^[A-Z][^!.]+$/.test(title))).toBe(true);
  });

  it('finds the action of a key press', () => {
    const event = new KeyboardEvent('keydown', { key: 'p', ctrlKey: true });
    expect(actionsWith({}).find(event)).toBe('quickOpen');
  });

  it('finds nothing for a plain letter', () => {
    expect(actionsWith({}).find(new KeyboardEvent('keydown', { key: 'p' }))).toBeNull();
  });

  it('does not run what is not possible now', async () => {
    const run = vi.fn();
    actionsWith({ save: { run, enabled: () => false } }).run('save');
    await Promise.resolve();
    expect(run).not.toHaveBeenCalled();
  });

  it('tells the failure of what it ran', async () => {
    const fail = vi.fn();
    const reason = new Error('the disk is full');
    actionsWith({ save: { run: () => Promise.reject(reason) } }, fail).run('save');
    await vi.waitFor(() => expect(fail).toHaveBeenCalledWith(reason));
  });
});
