// SPDX-License-Identifier: GPL-2.0-only
// The page Supervisors: tools, the whole tree as blocks, a line about what is not well (or
// what a button would do), the treegrid, and the drawer.
import { html, useEffect, useRef } from './html.js';
import { blast, lawOf } from './blast.js';
import { Drawer } from './drawer.js';
import { Grid } from './grid.js';
import { Icicle } from './icicle.js';
import { Glyph, Icon, wordOf } from './icons.js';
import { countStates, nearest, unwell } from './model.js';
import { Act, trouble } from './parts/act.js';
import { Rule } from './parts/pop.js';
import { Empty } from './parts/small.js';
import { density, switchDensity } from './prefs.js';
import { linkTo } from './router.js';
import { tree } from './store.js';
import { duration, plural } from './text.js';
import { chosen, filter, foldAll, folded, only, rows } from './view.js';

const STATES = ['failed', 'restarting', 'stopping', 'starting', 'stopped', 'ignored', 'running'];
const SHOWN_UNWELL = 4;

function Counts({ all }) {
  const counts = countStates(all);
  return html`<span class="counts" role="group" aria-label="By state">${STATES.filter((state) =>
    counts[state]).map((state) => html`<button type="button" class="chip" key=${state}
    aria-pressed=${only.value === state ? 'true' : 'false'}
    aria-label="${counts[state]} ${wordOf(state)}" title="Only ${wordOf(state)}"
    onClick=${() => { only.value = only.value === state ? '' : state; }}>
    <${Glyph} of=${state} /><b>${counts[state]}</b>${' '}
    <span class="words">${wordOf(state)}</span>
    </button>`)}</span>`;
}

export const filterField = { current: null };

function Tools({ all }) {
  const field = useRef(null);
  useEffect(() => { filterField.current = field.current; });
  const onKey = (event) => {
    if (event.key !== 'Escape') return;
    event.stopPropagation();
    filter.value = '';
    only.value = '';
    field.current.blur();
  };
  return html`<div class="tools"><label class="field filter"><span class="vh">Filter</span>
    <${Icon} of="search" /><input ref=${field} placeholder="Filter" value=${filter.value}
    onInput=${(event) => { filter.value = event.currentTarget.value; }} onKeyDown=${onKey} />
    <kbd>/</kbd></label><${Counts} all=${all} /><span class="space" />
    <button type="button" class="btn small only-wide" onClick=${foldAll}>${
  folded.value.size ? 'Unfold all' : 'Fold all'}</button>
    <button type="button" class="icon" aria-label="Size of rows: ${density.value || 'compact'}"
      title="Size of rows (d)" onClick=${switchDensity}><${Icon} of="rows" /></button></div>`;
}

const NOTE = { failed: 'gave up', restarting: 'is restarting', stopping: 'is stopping',
  starting: 'is starting' };

function Attention({ all }) {
  if (trouble.value)
    return html`<div class="attention blast" role="alert"><b class="bad">${
      trouble.value.text}</b><button type="button" class="btn small" onClick=${() => {
      trouble.value = null;
    }}>Close</button></div>`;
  const found = unwell(all);
  if (!found.length)
    return html`<div class="attention calm">No supervisor gave up, nothing is in transition.
      </div>`;
  const since = (node) => (node.mark?.gaveUp
    ? ` ${duration(Date.now() - Date.parse(node.mark.gaveUp.wall))} ago` : '');
  return html`<div class="attention" role="group" aria-label="What is not well">${
    found.slice(0, SHOWN_UNWELL).map((node) => html`<a key=${node.path}
      href=${linkTo('supervisors', node.path)}><${Glyph} of=${node.shown} /><span><b>${
  node.id}</b> <span class="sub">${NOTE[node.shown]}${since(node)}</span></span></a>`)}${
    found.length > SHOWN_UNWELL && html`<span class="dim">${found.length - SHOWN_UNWELL} more
      </span>`}</div>`;
}

const TITLES = { kill: 'Kill', 'terminate-child': 'Terminate', restart: 'Restart',
  'restart-child': 'Start', 'delete-child': 'Delete' };

function consequence({ answer }) {
  if (answer.refused) return answer.refused;
  if (!answer.ends && !answer.starts) return 'no process ends';
  if (!answer.ends) return `${plural(answer.starts, 'process starts', 'processes start')}`;
  const ends = answer.ends === 1 ? 'one process ends' : `${answer.ends} processes end`;
  if (answer.starts === answer.ends)
    return `${ends} and start${answer.ends === 1 ? 's' : ''} again`;
  return answer.starts ? `${ends}, ${answer.starts} start` : `${ends} and stay${
    answer.ends === 1 ? 's' : ''} down`;
}

function Blast({ shown }) {
  const { answer } = shown;
  const law = lawOf(answer);
  const budget = answer.budgets.find((one) => one.used_after > one.used_before);
  return html`<div class="attention blast" role="status"><b>${TITLES[shown.verb]} ${
    shown.path}</b><span>${consequence(shown)}${' '}${law && html`<${Rule} ...${law} />`}</span>
    ${answer.gave_up.length ? html`<b class="bad">one restart too many: ${
  answer.gave_up[0].path ?? answer.gave_up[0]} gives up</b>` : budget && html`<span>${
  budget.path} has ${budget.left_after} of ${budget.intensity} restarts left after it</span>`}
    </div>`;
}

function Chosen({ all }) {
  const nodes = [...chosen.value].map((path) => all.byPath.get(path)).filter(Boolean);
  if (!nodes.length) return null;
  return html`<div class="chosen" role="group" aria-label="Selected children"><b>${
    nodes.length} selected</b>${nodes.map((node) => node.pid && html`<span class="one"
    key=${node.path}><span class="clip">${node.path}</span><${Act} name="kill" node=${node}
    isSmall /></span>`)}<span class="space" /><button type="button" class="btn small"
    onClick=${() => { chosen.value = new Set(); }}>Clear</button></div>`;
}

function Nothing({ all }) {
  const near = filter.value && nearest(all, filter.value);
  const clear = () => {
    filter.value = '';
    only.value = '';
  };
  return html`<div class="scroll"><${Empty} title=${filter.value
    ? `Nothing matches "${filter.value}"` : `Nothing is ${wordOf(only.value)}`}
    text="The filter is for names, paths and pids of children."><p>${near && html`Near to it:
    <a href=${linkTo('supervisors', near.path)} onClick=${clear}>${near.path}</a>`}</p>
    <button type="button" class="btn" onClick=${clear}>Show all</button><//></div>`;
}

const NoTree = () => html`<div class="scroll"><${Empty} title="No tree runs yet"
  text="Here is each supervisor with its children: state, pid, restarts, and what they say."
  command="suptree load tools/demo/demo.yaml" /></div>`;

export function Supervisors() {
  const all = tree.value;
  if (!all) return null;
  const list = rows.value;
  const content = !all.root.kids.length ? html`<${NoTree} />`
    : list.length ? html`<${Grid} rows=${list} />` : html`<${Nothing} all=${all} />`;
  return html`<section class="content" aria-label="Supervisors"><${Tools} all=${all} />
    <${Icicle} />${blast.value ? html`<${Blast} shown=${blast.value} />`
  : html`<${Attention} all=${all} />`}${content}<${Chosen} all=${all} /></section>
    <${Drawer} tree=${all} />`;
}
