// SPDX-License-Identifier: GPL-2.0-only
// A row of the treegrid. Its columns come and go by the width of the list (css/tree.css).
import { html } from './html.js';
import { blast } from './blast.js';
import { Glyph, wordOf } from './icons.js';
import { ghostOf, restartBars, GHOST_MS } from './marks.js';
import { guidesOf } from './model.js';
import { Act } from './parts/act.js';
import { Rule } from './parts/pop.js';
import { Bars, Pips } from './parts/small.js';
import { linkTo } from './router.js';
import { duration, ending } from './text.js';

const FRESH_MS = 10000;

const Twist = ({ isShut }) => html`<svg class="tw ${isShut ? 'shut' : ''}" viewBox="0 0 12 12"
  aria-hidden="true"><path d="M3 4.5l3 3 3-3" fill="none" stroke="currentColor"
  stroke-width="1.3" /></svg>`;

const Steps = ({ steps }) => html`<span class="steps">${steps.map((step) => html`
  <span class="step"><b>${step.nr}</b><${Glyph} of=${step.glyph} />${step.word}</span>`)}</span>`;

const Why = ({ node }) => html`<a href=${linkTo('supervisors', node.path, { tab: 'why' })}
  tabIndex="-1">why?</a>`;

function Budget({ node }) {
  return html`<span class="plan">${node.strategy}</span>
    <${Pips} all=${node.intensity} left=${node.left} />
    <span class="left ${node.left ? '' : 'zero'}">${node.left}<span class="of"> of ${
  node.intensity}</span> left</span>`;
}

/** What ended it, if it does not run; else the budget of a supervisor, or what it says. */
function Says({ node, now }) {
  const { mark } = node;
  if (node.shown === 'failed')
    return html`<span class="note">more than ${node.intensity} restarts in ${node.period} s</span>
      <${Rule} id="E1" text="the supervisor had one restart more than it allows, so it stopped
      its children and ended" /><${Why} node=${node} />`;
  if (node.shown === 'ignored')
    return html`<span class="note">answered that it should not run</span>
      <${Rule} id="A4" text="a child may answer that it should not run: that is a success" />`;
  if (node.shown !== 'running') {
    const ended = mark?.end && ['stopped', 'restarting'].includes(node.shown);
    const text = ended ? `${ending(mark.end)}, ${duration(now - Date.parse(mark.end.wall))} ago`
      : node.shown === 'stopping' ? 'asked to end' : '';
    return html`<span class="note">${text}</span>${ended && html`<${Why} node=${node} />`}`;
  }
  if (node.isSupervisor) return html`<${Budget} node=${node} />`;
  const wasHere = ghostOf(node, now) !== undefined;
  return html`<span class=${node.status ? 'sub' : 'dim'}>${node.status ?? 'no status'}</span>
    ${wasHere && html`<${Why} node=${node} />`}`;
}

function Pid({ node, now }) {
  const ghost = ghostOf(node, now);
  const isOld = ghost !== undefined && now - node.mark.ghost.at > GHOST_MS * 0.6;
  return html`${ghost !== undefined && ghost !== node.pid && html`<s class="ghost ${
    isOld ? 'fade' : ''}" title="the pid before">${ghost}</s>`}${node.pid ?? ''}`;
}

function upOf(node, now, askedAt) {
  if (node.uptime_ms === undefined || node.shown === 'stopped') return undefined;
  return node.uptime_ms + Math.max(0, now - askedAt);
}

/** Restarts of a supervisor are those of all below it. */
const restartsOf = (node) => (node.kids ? node.kids.reduce((sum, kid) =>
  sum + restartsOf(kid), 0) : 0) + (node.isSupervisor ? 0 : node.restarts);

export function Row({ node, at, setSize, isFolded, isSelected, isMarked, isCurrent, now, askedAt,
  top, on }) {
  const steps = blast.value?.steps.get(node.path);
  const up = upOf(node, now, askedAt);
  const bars = restartBars(node, now);
  const restarts = restartsOf(node);
  const isShort = node.isSupervisor && node.runs < node.wanted;
  return html`<div role="row" class="r ${node.isSupervisor ? 'sup' : ''} is-${node.shown} ${
    steps ? 'hit' : ''} ${isMarked ? 'marked' : ''}" style=${`top:${top}px;--level:${node.level}`}
    data-path=${node.path} aria-level=${node.level + 1} aria-rowindex=${at + 2}
    aria-expanded=${node.isSupervisor ? String(!isFolded) : undefined}
    aria-selected=${String(isSelected || isMarked)} tabIndex=${isCurrent ? 0 : -1}
    onClick=${(event) => on.click(node, event)} onFocus=${() => on.focus(node)}>
    <div role="gridcell" class="c-g"><${Glyph} of=${node.shown} /></div>
    <div role="gridcell" class="c-name"><span class="guides" aria-hidden="true">${
  guidesOf(node).map((guide) => html`<i class=${guide} />`)}</span>${node.isSupervisor &&
    html`<span class="twist" onClick=${(event) => on.fold(node, event)}><${Twist}
      isShut=${isFolded} /></span>`}<span class="id" title=${node.path}>${node.id}</span>${
  node.restart && node.restart !== 'permanent' && node.level > 1 &&
    html`<span class="kind">${node.restart}</span>`}</div>
    <div role="gridcell" class="c-st st-${node.shown}">${wordOf(node.shown)}${
  node.isSupervisor && html`${' '}<span class="part ${isShort ? 'short' : ''}">${node.runs}/${
    node.wanted}</span>`}</div>
    <div role="gridcell" class="c-what">${steps ? html`<${Steps} steps=${steps} />`
  : html`<${Says} node=${node} now=${now} />`}</div>
    <div role="gridcell" class="c-pid mono"><${Pid} node=${node} now=${now} /></div>
    <div role="gridcell" class="c-up num ${up < FRESH_MS ? 'fresh' : ''}">${
  up === undefined ? '' : duration(up)}</div>
    <div role="gridcell" class="c-rst"><span class="num">${restarts || ''}</span>${
  bars && html`<${Bars} values=${bars} isBad=${node.shown === 'failed'} />`}</div>
    <div role="gridcell" class="acts">${!node.isSupervisor && node.pid &&
    html`<${Act} name="kill" node=${node} isSmall tabIndex=${-1} />`}${node.parent &&
    html`<${Act} name=${node.state === 'stopped' ? 'start' : 'restart'} node=${node} isSmall
      tabIndex=${-1} />`}</div>
  </div>`;
}
