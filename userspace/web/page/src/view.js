// SPDX-License-Identifier: GPL-2.0-only
// How the tree is looked at: what is folded, filtered, chosen, and where the cursor is.
import { computed, signal } from './html.js';
import { rowsOf } from './model.js';
import { tree } from './store.js';

export const folded = signal(new Set());
export const filter = signal('');
/** Only children in this state; "": all. */
export const only = signal('');
export const current = signal('');
export const chosen = signal(new Set());

const changed = (set, value, isIn) => {
  const next = new Set(set);
  if (isIn) next.add(value);
  else next.delete(value);
  return next;
};

export const setFolded = (path, isIn) => { folded.value = changed(folded.value, path, isIn); };
export const toggleChosen = (path) => {
  chosen.value = changed(chosen.value, path, !chosen.value.has(path));
};

export function foldAll() {
  const supervisors = [...tree.value.byPath.values()]
    .filter((node) => node.isSupervisor && node.level > 0);
  const isOpen = supervisors.some((node) => !folded.value.has(node.path));
  folded.value = new Set(isOpen ? supervisors.map((node) => node.path) : []);
}

function matcher() {
  const text = filter.value.trim().toLowerCase();
  const state = only.value;
  if (!text && !state) return null;
  return (node) => (!state || node.shown === state) && (!text ||
    node.id.toLowerCase().includes(text) || (text.includes('/') &&
      node.path.toLowerCase().includes(text)) || String(node.pid ?? '') === text);
}

export const rows = computed(() => (tree.value ? rowsOf(tree.value, folded.value, matcher())
  : []));
