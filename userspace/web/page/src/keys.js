// SPDX-License-Identifier: GPL-2.0-only
// Keys of the whole page; those of the treegrid are in grid.js. A key in a field is text.
import { disarm } from './parts/act.js';
import { closePop } from './parts/pop.js';
import { dialog } from './palette.js';
import { density, setDensity, switchDensity, switchTheme } from './prefs.js';
import { go, route } from './router.js';
import { filterField } from './supervisors.js';
import { current } from './view.js';

const PAGES = { s: '/supervisors', c: '/compare' };
let isGoing = false;

/** Kill the child with the cursor: the first press arms its button, the second is a click. */
function kill() {
  const row = document.querySelector(`.r[data-path="${CSS.escape(current.value)}"]`);
  row?.querySelector('[data-act=kill]')?.click();
}

function close() {
  disarm();
  closePop();
  if (route.value.page !== 'supervisors' || !route.value.path) return;
  const row = document.querySelector(`.r[data-path="${CSS.escape(route.value.path)}"]`);
  go('/supervisors');
  row?.focus();
}

const DO = {
  '/': () => filterField.current?.focus(),
  '?': () => { dialog.value = 'keys'; },
  d: switchDensity,
  p: () => setDensity(density.value === 'projector' ? '' : 'projector'),
  t: switchTheme,
  x: kill,
  Escape: close,
};

export function onKey(event) {
  if ((event.ctrlKey || event.metaKey) && event.key === 'k') {
    event.preventDefault();
    dialog.value = 'find';
    return;
  }
  if (event.ctrlKey || event.metaKey || event.altKey || dialog.value ||
    event.target.matches?.('input, select, textarea')) return;
  if (isGoing && PAGES[event.key]) go(PAGES[event.key]);
  else if (DO[event.key]) {
    event.preventDefault();
    DO[event.key]();
  }
  isGoing = event.key === 'g';
}
