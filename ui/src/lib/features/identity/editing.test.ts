import { screen } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { describe, expect, it, vi } from 'vitest';
import { faults, shown, text, value } from '../../../../tests/page';
import { identityOf, poolOf } from './fixtures';
import { actions, show } from './show';

describe('editing an identity', () => {
  it('keeps what its sign-ins ask for, and what becomes of the session', async () => {
    const does = show();
    await userEvent.click(screen.getByRole('button', { name: 'Edit' }));
    await userEvent.click(screen.getByRole('radio', { name: 'Violet' }));
    await userEvent.type(screen.getByLabelText('Identity provider'), 'Google');
    await userEvent.type(screen.getByLabelText('Login hint'), 'ada@example.com');
    await userEvent.click(screen.getByRole('combobox', { name: 'Prompt' }));
    await userEvent.click(screen.getByRole('option', { name: /^login/ }));
    await userEvent.click(screen.getByRole('radio', { name: 'Forget it' }));
    expect(shown(screen.getByText(/plain text in a folder that only you can read, is deleted/))).toBe(true);
    await userEvent.click(screen.getByRole('button', { name: 'Save' }));
    expect(does.update).toHaveBeenCalledWith({
      name: 'ada',
      colour: 2,
      options: { identityProvider: 'Google', loginHint: 'ada@example.com', prompt: 'login' },
      keepSession: false,
    });
    expect(screen.queryByLabelText('Identity provider')).toBeNull();
  });

  it('begins at the name, and gives the focus back', async () => {
    show();
    const edit = screen.getByRole('button', { name: 'Edit' });
    await userEvent.click(edit);
    expect(document.activeElement).toBe(screen.getByLabelText('Name'));
    await userEvent.click(screen.getByRole('button', { name: 'Cancel' }));
    expect(document.activeElement).toBe(edit);
  });

  it('has the name that is its own, and shows what it is called without one', async () => {
    const does = show({ identity: { ...identityOf(), ownName: '', name: 'Acme user' } });
    await userEvent.click(screen.getByRole('button', { name: 'Edit' }));
    expect(value(screen.getByLabelText('Name'))).toBe('');
    expect(screen.getByLabelText('Name').getAttribute('placeholder')).toBe('Acme user');
    await userEvent.click(screen.getByRole('button', { name: 'Save' }));
    expect(does.update).toHaveBeenCalledWith(expect.objectContaining({ name: '' }));
  });

  it.each([
    ['Escape', () => userEvent.keyboard('{Escape}')],
    ['the avatar', () => userEvent.click(screen.getByRole('button', { name: /^Name, colour and sign-in/ }))],
    ['its link', () => userEvent.click(screen.getByRole('button', { name: 'Edit' }))],
  ])('does not lose what was typed without a word: %s', async (_name, leave) => {
    show();
    await userEvent.click(screen.getByRole('button', { name: 'Edit' }));
    await userEvent.type(screen.getByLabelText('Language'), 'de');
    await leave();
    expect(text(screen.getByRole('alert'))).toContain('There are unsaved changes.');
    expect(value(screen.getByLabelText('Language'))).toBe('de');
    await leave();
    expect(screen.queryByLabelText('Language')).toBeNull();
  });

  it('does not lose what was typed to the pool', async () => {
    const does = show();
    await userEvent.click(screen.getByRole('button', { name: 'Edit' }));
    await userEvent.type(screen.getByLabelText('Language'), 'de');
    await userEvent.click(screen.getByRole('button', { name: 'Edit the pool' }));
    expect(does.editPool).not.toHaveBeenCalled();
    await userEvent.click(screen.getByRole('button', { name: 'Edit the pool' }));
    expect(does.editPool).toHaveBeenCalledOnce();
  });

  it('offers to forget only a session of its own window', async () => {
    show({ pool: poolOf({ place: 'browser' }) });
    await userEvent.click(screen.getByRole('button', { name: 'Edit' }));
    expect(screen.queryByRole('radiogroup', { name: 'When Gatepass closes' })).toBeNull();
    expect(shown(screen.getByText(/The session lives in your browser/))).toBe(true);
    expect(await faults()).toEqual([]);
  });

  it('is left by Escape, and the sheet only then', async () => {
    const does = show();
    await userEvent.click(screen.getByRole('button', { name: 'Edit' }));
    await userEvent.keyboard('{Escape}');
    expect(screen.queryByLabelText('Identity provider')).toBeNull();
    expect(does.close).not.toHaveBeenCalled();
    await userEvent.keyboard('{Escape}');
    expect(does.close).toHaveBeenCalledOnce();
  });

  it('offers the scopes that the pool knows beside its own', async () => {
    const does = show();
    await userEvent.click(screen.getByRole('button', { name: 'Edit' }));
    await userEvent.click(await screen.findByRole('button', { name: 'petstore/read' }));
    expect(screen.queryByRole('button', { name: 'openid' })).toBeNull();
    expect(value(screen.getByLabelText('Extra scopes'))).toBe('petstore/read');
    await userEvent.type(screen.getByLabelText('Extra scopes'), ' mine/own');
    await userEvent.click(screen.getByRole('button', { name: 'petstore/read' }));
    await userEvent.click(screen.getByRole('button', { name: 'Save' }));
    expect(does.update).toHaveBeenCalledWith(expect.objectContaining({ options: { extraScopes: ['mine/own'] } }));
  });

  it('tells what cannot be kept, and keeps what was typed', async () => {
    show({ actions: { ...actions(), update: vi.fn(() => Promise.reject(new Error('A scope has a quote in it.'))) } });
    await userEvent.click(screen.getByRole('button', { name: 'Edit' }));
    await userEvent.type(screen.getByLabelText('Language'), 'de');
    await userEvent.click(screen.getByRole('button', { name: 'Save' }));
    expect(text(await screen.findByRole('alert'))).toContain('A scope has a quote in it.');
    expect(value(screen.getByLabelText('Language'))).toBe('de');
  });

  it('of a machine asks for nothing that a user would do', async () => {
    show({ pool: poolOf({ grant: 'clientCredentials' }) });
    await userEvent.click(screen.getByRole('button', { name: 'Edit' }));
    expect(screen.queryByLabelText('Identity provider')).toBeNull();
    expect(screen.queryByRole('radiogroup', { name: 'When Gatepass closes' })).toBeNull();
    expect(shown(screen.getByLabelText('Resource'))).toBe(true);
    expect(shown(await screen.findByRole('button', { name: 'petstore/read' }))).toBe(true);
    expect(screen.queryByRole('button', { name: 'phone' })).toBeNull();
  });

  it('has no fault', async () => {
    show();
    await userEvent.click(screen.getByRole('button', { name: 'Edit' }));
    await screen.findByRole('button', { name: 'petstore/read' });
    expect(await faults()).toEqual([]);
  });
});
