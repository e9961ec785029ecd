/** Shows a scene: `?scene=main&theme=dark&do=send`. */
import './freeze';
import '../../src/main';

const query = new URLSearchParams(location.search);

type Locator = [selector: string, text: string];

const deeds: Record<string, Locator[]> = {
  send: [['button', 'Send']],
  auth: [['[role=tab]', 'Auth']],
  identity: [['.right button', 'ada']],
  palette: [['button', 'Search requests']],
  environments: [
    ['button', 'Environment'],
    ['[role=menuitem]', 'Edit the environments'],
  ],
  menu: [['.home', '']],
  envmenu: [['button', 'Environment']],
  settings: [
    ['.home', ''],
    ['[role=menuitem]', 'Settings'],
  ],
  keys: [
    ['.home', ''],
    ['[role=menuitem]', 'Keys'],
  ],
  sandbox: [['button', 'Start the sandbox']],
  add: [['button[aria-label^="New request, folder"]', '']],
  newCollection: [
    ['.home', ''],
    ['[role=menuitem]', 'New collection'],
  ],
  connect: [
    ['.home', ''],
    ['[role=menuitem]', 'Connect a user pool'],
  ],
  close: [
    ['[role=tab]', 'Place an order'],
    ['.shown .close', ''],
  ],
  new: [['button[aria-label="New tab"]', '']],
  broken: [['[role=treeitem]', 'Broken.yml']],
  save: [],
};

function find([selector, text]: Locator): Promise<HTMLElement> {
  return new Promise((resolve) => {
    const look = () => {
      const found = [...document.querySelectorAll<HTMLElement>(selector)].find((element) =>
        element.textContent?.includes(text),
      );
      if (found) resolve(found);
      else requestAnimationFrame(look);
    };
    look();
  });
}

for (const name of (query.get('do') ?? '').split(',').filter((word) => word !== '')) {
  for (const locator of deeds[name] ?? []) {
    (await find(locator)).click();
    await new Promise(requestAnimationFrame);
  }
}
