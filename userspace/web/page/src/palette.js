// SPDX-License-Identifier: GPL-2.0-only
// Ctrl-K: go to a child or a page by a part of its name. And "?": the list of keys.
import { html, signal, useEffect, useRef, useState } from './html.js';
import { Glyph, Icon } from './icons.js';
import { go, linkTo } from './router.js';
import { tree } from './store.js';

const MAX_FOUND = 12;
/** "find", "keys" or "": which dialog is open. */
export const dialog = signal('');

function Dialog({ label, children }) {
  const self = useRef(null);
  useEffect(() => {
    const before = document.activeElement;
    self.current.showModal();
    return () => before?.focus?.();
  }, []);
  const close = () => { dialog.value = ''; };
  return html`<dialog ref=${self} aria-label=${label} onClose=${close}
    onClick=${(event) => event.target === self.current && close()}>${children}</dialog>`;
}

function findingsOf(text, pages) {
  const wanted = text.trim().toLowerCase();
  const found = pages.filter(([id]) => id.includes(wanted))
    .map(([id, word]) => ({ key: id, icon: id, word, hint: 'page', href: `/${id}` }));
  for (const node of tree.value?.byPath.values() ?? []) {
    if (found.length >= MAX_FOUND) break;
    if (node.path.toLowerCase().includes(wanted))
      found.push({ key: node.path, glyph: node.shown, word: node.path,
        hint: node.pid ? `pid ${node.pid}` : node.strategy ?? '',
        href: linkTo('supervisors', node.path) });
  }
  return found;
}

function Find({ pages }) {
  const [text, setText] = useState('');
  const [at, setAt] = useState(0);
  const found = findingsOf(text, pages);
  const choose = (one) => {
    dialog.value = '';
    if (one) go(one.href);
  };
  const onKey = (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      event.preventDefault();
      setAt((at + step + found.length) % Math.max(1, found.length));
    } else if (event.key === 'Enter') {
      event.preventDefault();
      choose(found[at]);
    }
  };
  return html`<${Dialog} label="Find"><label class="field"><${Icon} of="search" />
    <span class="vh">Find</span><input role="combobox" aria-expanded="true" autofocus
      aria-controls="found" aria-activedescendant=${found.length ? `found-${at}` : undefined}
      placeholder="A child or a page" value=${text} onKeyDown=${onKey} onInput=${(event) => {
  setText(event.currentTarget.value);
  setAt(0);
}} /></label>
    <ul role="listbox" id="found" aria-label="Found">${found.map((one, i) => html`<li
      role="option" id="found-${i}" key=${one.key} aria-selected=${String(i === at)}
      onClick=${() => choose(one)}>${one.icon ? html`<${Icon} of=${one.icon} />`
  : html`<${Glyph} of=${one.glyph} />`}<span class="clip">${one.word}</span>
      <span class="dim">${one.hint}</span></li>`)}</ul>
    ${!found.length && html`<p class="sub">Nothing has "${text}" in its name.</p>`}<//>`;
}

const KEYS = [['j k, arrows', 'down and up'], ['h l, left and right', 'fold and unfold'],
  ['Enter', 'open the drawer'], ['Esc', 'close it'], ['Space', 'select'], ['w', 'why?'],
  ['x', 'kill: press it twice'], ['/', 'filter'], ['Ctrl K', 'find a child or a page'],
  ['d', 'size of rows'], ['p', 'size for a projector'], ['t', 'light or dark'],
  ['g s, g c', 'Supervisors, Compare'], ['?', 'this list']];

const Keys = () => html`<${Dialog} label="Keys"><h2>Keys</h2><dl class="keys">${
  KEYS.map(([key, what]) => html`<dt><kbd>${key}</kbd></dt><dd>${what}</dd>`)}</dl>
  <form method="dialog"><button class="btn" autofocus>Close</button></form><//>`;

export const Dialogs = ({ pages }) => ({ find: html`<${Find} pages=${pages} />`,
  keys: html`<${Keys} />` }[dialog.value] ?? null);
