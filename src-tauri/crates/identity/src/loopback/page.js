'use strict';

const here = new URL(location.href);
const fragment = here.hash.slice(1);
here.hash = '';
const target = here.href;
here.search = '';
history.replaceState(null, '', here);

function show({ outcome, title, text }) {
  document.body.dataset.outcome = outcome;
  document.title = `${title} – Gatepass`;
  document.querySelector('h1').textContent = title;
  document.querySelector('p').textContent = text;
}

async function handOn() {
  const reply = await fetch(target, { method: 'POST', body: fragment, credentials: 'omit', redirect: 'error' });
  if (!reply.ok) throw new Error(reply.statusText);
  return reply.json();
}

if (document.body.dataset.outcome === 'waiting') {
  if (fragment === '') {
    show({
      outcome: 'ignored',
      title: 'The answer is missing',
      text: 'This page was opened or reloaded without it. Go back to Gatepass; if you are not signed in there, try again.',
    });
  } else {
    handOn().then(show, () =>
      show({
        outcome: 'failed',
        title: 'Gatepass did not take the answer',
        text: 'Go back to Gatepass and start the sign-in again; it waits for an answer only for a few minutes.',
      }),
    );
  }
}
