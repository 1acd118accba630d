// SPDX-License-Identifier: GPL-2.0-only
// The page Compare: the same three children under three strategies, and one button that
// kills one of them in all three trees. First one may say which of them get a new pid.
import { html, signal } from './html.js';
import { Glyph } from './icons.js';
import { events, ghostOf, version } from './marks.js';
import { Rule } from './parts/pop.js';
import { Empty, Pips } from './parts/small.js';
import { linkTo } from './router.js';
import { STRATEGIES, isOver, stepsOf, storyOf } from './rounds.js';
import { askedAt, may, now, tree } from './store.js';
import { duration } from './text.js';
import { REFUSAL, VERBS } from './verbs.js';

const CHILDREN = ['counter_1', 'counter_2', 'printer_1'];
/** {victim, since: number of the last event before}, or null: nothing was killed yet. */
const round = signal(null);
/** null, or path -> does it get a new pid? */
const guesses = signal(null);
const trouble = signal('');

const paths = STRATEGIES.flatMap(({ id }) => CHILDREN.map((child) => `${id}/${child}`));
const steps = (id) => (round.value ? stepsOf(events, id, round.value.since) : []);
const allOver = () => round.value &&
  STRATEGIES.every(({ id }) => isOver(steps(id), round.value.victim));
const hasChanged = (id, child) => steps(id).some((step) => step.id === child);
const isRight = (id, child) => guesses.value[`${id}/${child}`] === hasChanged(id, child);

async function kill(victim) {
  trouble.value = '';
  round.value = { victim, since: events.at(-1)?.seq ?? 0 };
  const done = await Promise.allSettled(STRATEGIES.map(({ id }) =>
    VERBS.kill.run(tree.value.byPath.get(`${id}/${victim}`), {})));
  trouble.value = done.filter((one) => one.reason).map((one) => one.reason.message).join(' ');
}

function predict() {
  round.value = null;
  guesses.value = Object.fromEntries(paths.map((path) => [path, false]));
}

function headline() {
  if (trouble.value) return trouble.value;
  if (!round.value)
    return guesses.value ? 'Which of them get a new pid? Say so, then kill one.'
      : 'Three strategies, the same three children. Kill one.';
  if (!allOver()) return `${round.value.victim} is killed in all three.`;
  const said = `${round.value.victim} was killed in all three.`;
  if (!guesses.value) return said;
  const right = STRATEGIES.flatMap(({ id }) => CHILDREN.map((child) => isRight(id, child)))
    .filter(Boolean).length;
  return `${said} You had ${right} of ${paths.length} right.`;
}

function Head({ strategy, node }) {
  return html`<div role="columnheader" class="col"><h2>${strategy.id} <${Rule}
    id=${strategy.rule} text=${strategy.text} /></h2><p>${strategy.text}</p>
    <p class="dim"><${Pips} all=${node.intensity} left=${node.left} />${node.left} of ${
  node.intensity} restarts left</p></div>`;
}

function Guess({ path }) {
  const set = (value) => { guesses.value = { ...guesses.value, [path]: value }; };
  const button = (value, word) => html`<button type="button" aria-label="${path}: ${word}"
    aria-pressed=${String(guesses.value[path] === value)} onClick=${() => set(value)}>${word}
    </button>`;
  return html`<span class="seg">${button(false, 'same')}${button(true, 'new pid')}</span>`;
}

function Verdict({ id, child }) {
  return isRight(id, child) ? html`<span class="verdict"><${Glyph} of="check" /> right</span>`
    : html`<span class="verdict wrong"><${Glyph} of="failed" /> wrong</span>`;
}

function Cell({ id, child, node }) {
  const story = storyOf(steps(id), child);
  const ghost = ghostOf(node, now.value);
  const kind = !story ? '' : child === round.value.victim ? 'died' : 'went';
  const up = node.uptime_ms === undefined ? '' : `up ${duration(node.uptime_ms +
    Math.max(0, now.value - askedAt.value))}`;
  return html`<div role="gridcell" class="cell ${kind}" data-path=${node.path}
    data-tree=${id}>
    <${Glyph} of=${node.shown} /><div class="mid"><a class="mono pid"
      href=${linkTo('supervisors', node.path)}>${ghost !== undefined && ghost !== node.pid &&
      html`<s class="ghost">${ghost}</s>`}${node.pid ?? node.shown}</a>
    <p class="dim">${story ?? (round.value ? `same process, ${up}` : up)}</p></div>
    ${guesses.value && (round.value ? allOver() && html`<${Verdict} id=${id} child=${child} />`
    : html`<${Guess} path=${node.path} />`)}</div>`;
}

const Steps = ({ id }) => html`<ol class="events" aria-label="Events of ${id}">${
  steps(id).map((step) => html`<li><time>+${step.ms.toFixed(1)}</time><${Glyph}
    of=${{ started: 'running', stopped: 'stopping' }[step.word] ?? 'failed'} /><span><b>${
  step.id}</b> ${step.word}</span></li>`)}</ol>`;

function Matrix({ all }) {
  const isAllowed = may('operator');
  return html`<div class="matrix" role="grid" aria-label="Three strategies">
    <div role="row" class="line"><div role="columnheader"><span class="vh">Child</span></div>
    ${STRATEGIES.map((one) => html`<${Head} strategy=${one} node=${all.byPath.get(one.id)} />`)}
    </div>${CHILDREN.map((child, i) => html`<div role="row" class="line"><div role="rowheader"
      class="row-head"><span class="dim">${i + 1}</span><b class="clip">${child}</b>
      <button type="button" class="btn harm" data-kill=${child} aria-label="Kill ${child} in all"
        aria-disabled=${isAllowed ? undefined : 'true'}
        title=${isAllowed ? `kill ${child} in all three trees` : REFUSAL.operator}
        onClick=${() => isAllowed && kill(child)}>Kill</button></div>${STRATEGIES.map(({ id }) =>
    html`<${Cell} id=${id} child=${child} node=${all.byPath.get(`${id}/${child}`)} />`)}</div>`)}
    </div><div class="line below"><p class="dim">${round.value && 'ms since the kill'}</p>
    ${STRATEGIES.map(({ id }) => html`<${Steps} id=${id} />`)}</div>`;
}

export function Compare() {
  const all = tree.value;
  if (!all || version.value < 0) return null;
  if (!paths.every((path) => all.byPath.has(path)))
    return html`<section class="content"><div class="scroll"><${Empty}
      title="The three demo trees are not here" text="Here are the same three children under
      one_for_one, one_for_all and rest_for_one. Kill one, and see which of them start again."
      command="suptree load tools/demo/demo.yaml" /></div></section>`;
  return html`<section class="content" aria-label="Compare strategies"><div class="scroll
    compare" tabIndex="0"><header><p class="headline" role="status">${headline()}</p>
    <span class="space" /><button type="button" class="btn" onClick=${predict}>${guesses.value
  ? 'Predict again' : 'Predict'}</button></header><${Matrix} all=${all} /></div></section>`;
}
