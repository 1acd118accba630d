// SPDX-License-Identifier: GPL-2.0-only
// The treegrid: only the rows that can be seen are in the document, so that 5,000 children
// cost what 50 cost. One row has the focus (a roving tabindex); the keys are those of the
// ARIA pattern, and j k h l.
import { html, useEffect, useLayoutEffect, useRef, useState } from './html.js';
import { isNarrow, rowHeight } from './prefs.js';
import { go, linkTo, route } from './router.js';
import { Row } from './row.js';
import { askedAt, now } from './store.js';
import { chosen, current, folded, setFolded, toggleChosen } from './view.js';

const SPARE = 6; /* rows above and below the ones that are seen */
const HEAD = 24;

const MOVES = { ArrowDown: 1, j: 1, ArrowUp: -1, k: -1, PageDown: 10, PageUp: -10,
  Home: -Infinity, End: Infinity };

/** What a key does; returns whether it did something. */
function act(key, rows, at, move) {
  const node = rows[at];
  if (key in MOVES) {
    move(Math.max(0, Math.min(rows.length - 1, at + MOVES[key])));
  } else if (key === 'ArrowRight' || key === 'l') {
    if (node.isSupervisor && folded.value.has(node.path)) setFolded(node.path, false);
    else if (node.kids?.length) move(at + 1);
  } else if (key === 'ArrowLeft' || key === 'h') {
    if (node.isSupervisor && !folded.value.has(node.path) && node.parent)
      setFolded(node.path, true);
    else if (node.parent) move(rows.indexOf(node.parent));
  } else if (key === 'Enter') {
    go(linkTo('supervisors', node.path));
  } else if (key === 'w') {
    go(linkTo('supervisors', node.path, { tab: 'why' }));
  } else if (key === ' ') {
    toggleChosen(node.path);
  } else return false;
  return true;
}

function useWindow(box) {
  const [seen, setSeen] = useState({ top: 0, height: 800 });
  useEffect(() => {
    const self = box.current;
    const note = () => setSeen({ top: self.scrollTop, height: self.clientHeight });
    const watcher = new ResizeObserver(note);
    watcher.observe(self);
    self.addEventListener('scroll', note, { passive: true });
    return () => watcher.disconnect();
  }, []);
  return seen;
}

const on = {
  click(node, event) {
    if (event.target.closest('a, button')) return;
    if (event.ctrlKey || event.metaKey) toggleChosen(node.path);
    else go(linkTo('supervisors', node.path, route.value.query.has('tab')
      ? { tab: route.value.query.get('tab') } : {}));
  },
  fold(node, event) {
    event.stopPropagation();
    setFolded(node.path, !folded.value.has(node.path));
  },
  focus(node) { current.value = node.path; },
};

const Head = () => html`<div class="r head" role="row" aria-rowindex="1">
  <div role="columnheader" class="c-g"><span class="vh">Sign</span></div>
  <div role="columnheader" class="c-name">Name</div><div role="columnheader">State</div>
  <div role="columnheader">Restarts left, or what it says</div>
  <div role="columnheader">Pid</div><div role="columnheader" class="c-up num">Up</div>
  <div role="columnheader" class="c-rst" title="bars: the last 5 min">Restarts</div></div>`;

/** Bring a row into view. */
function reveal(box, at, height) {
  const top = at * height;
  /* a sheet covers the lower part of a narrow list */
  const room = isNarrow.value ? box.clientHeight - innerHeight * (route.value.path ? 0.5 : 0)
    : box.clientHeight - HEAD;
  if (top < box.scrollTop) box.scrollTop = top;
  else if (top + height > box.scrollTop + room) box.scrollTop = top + height - room;
}

export function Grid({ rows }) {
  const box = useRef(null);
  const mustFocus = useRef(false);
  const seen = useWindow(box);
  const height = rowHeight();
  const at = Math.max(0, rows.findIndex((node) => node.path === current.value));
  const move = (next) => {
    mustFocus.current = true;
    current.value = rows[next].path;
    reveal(box.current, next, height);
  };
  useLayoutEffect(() => {
    if (!mustFocus.current) return;
    const row = box.current.querySelector('.r[tabindex="0"]');
    if (row) mustFocus.current = false;
    row?.focus({ preventScroll: true });
  });
  useEffect(() => {
    const index = rows.findIndex((node) => node.path === route.value.path);
    if (index >= 0) reveal(box.current, index, height);
  }, [route.value.path]);
  const onKey = (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || !rows.length ||
      !event.target.matches('.r')) return;
    if (act(event.key, rows, at, move)) event.preventDefault();
  };
  const first = Math.max(0, Math.floor(seen.top / height) - SPARE);
  const last = Math.min(rows.length, Math.ceil((seen.top + seen.height) / height) + SPARE);
  const shown = rows.slice(first, last);
  if (at < first || at >= last) rows[at] && shown.push(rows[at]);
  return html`<div class="scroll" ref=${box} tabIndex="-1"><div class="tg" role="treegrid"
    aria-label="Supervision tree" aria-rowcount=${rows.length + 1}
    aria-multiselectable="true" onKeyDown=${onKey}><${Head} />
    <div class="body" role="rowgroup" style=${{ height: `${rows.length * height}px` }}>
    ${shown.map((node) => {
    const index = shown.indexOf(node) + first < last ? shown.indexOf(node) + first : at;
    return html`<${Row} key=${node.path} node=${node} at=${index} top=${index * height}
      isFolded=${folded.value.has(node.path)} isSelected=${node.path === route.value.path}
      isMarked=${chosen.value.has(node.path)} isCurrent=${index === at} now=${now.value}
      askedAt=${askedAt.value} on=${on} />`;
  })}</div></div></div>`;
}
