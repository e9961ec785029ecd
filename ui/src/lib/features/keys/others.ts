/** Keys that belong to one part of the window rather than to an action of the whole. */
export const others: { title: string; keys: [chord: string, does: string][] }[] = [
  {
    title: 'In the tree',
    keys: [
      ['ArrowUp · ArrowDown', 'Go from row to row'],
      ['ArrowLeft · ArrowRight', 'Fold, unfold'],
      ['*', 'Unfold all beside it'],
      ['Enter', 'Open'],
      ['F2', 'Rename'],
      ['Delete', 'Delete'],
      ['Alt+ArrowUp · Alt+ArrowDown', 'Move among its neighbours'],
    ],
  },
  {
    title: 'On the tabs',
    keys: [
      ['ArrowLeft · ArrowRight', 'Go from tab to tab'],
      ['Enter', 'Show the tab'],
      ['Delete', 'Close the tab'],
      ['Mod+1 · Mod+9', 'Show the first, the last tab'],
    ],
  },
  {
    title: 'In an editor',
    keys: [
      ['Shift+Alt+F', 'Format'],
      ['Escape · Tab', 'Leave the editor'],
    ],
  },
];
