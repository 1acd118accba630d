// SPDX-License-Identifier: GPL-2.0-only
// The tab Why: the cause in a sentence, then the chain of events with their rules.
import { html } from '../html.js';
import { Glyph } from '../icons.js';
import { Rule } from '../parts/pop.js';
import { duration, ending, happened, idOf, sender, short, whySentence } from '../text.js';

export const source = (node) => `/processes/${encodeURIComponent(node.path)}/why`;
export const cli = (node) => `suptree why ${node.path}`;

const GLYPH = { killed: 'failed', ended: 'failed', stopped: 'stopping', started: 'running' };

function factsOf(step) {
  const pid = step.pid === undefined ? [] : [`pid ${step.pid}`];
  if (step.event === 'started')
    return [...pid, step.took_ns === undefined ? '' : `ready in ${short(step.took_ns)}`];
  if (step.event !== 'exited') return pid;
  return [ending(step), ...pid, step.took_ns !== undefined ? `took ${short(step.took_ns)}`
    : step.ran_ns === undefined ? '' : `had run ${short(step.ran_ns)}`];
}

/** Steps of `why`: an event, with the rules that came after it. */
function linksOf(steps) {
  const links = [];
  for (const step of steps) {
    if (step.event) links.push({ event: step, rules: [] });
    else links.at(-1)?.rules.push(step);
  }
  return links;
}

function Link({ event, rules, begin }) {
  const word = happened(event);
  const by = word === 'stopped' ? '' : sender(event);
  return html`<li><time>+${short(event.time_ns - begin)}</time>
    <span class="pt"><${Glyph} of=${GLYPH[word] ?? 'stopped'} /></span>
    <div class="what"><b>${idOf(event.path ?? event.sup)}</b> ${word}
      <p>${factsOf(event).filter(Boolean).join(', ')}</p>${by && html`<p>${by}</p>`}
      ${rules.map((rule) => html`<div class="rule-line"><${Rule} id=${rule.rule}
        text=${rule.text} /><span>${rule.text}${rule.intensity === undefined ? ''
  : ` (restart ${rule.restarts} in ${rule.period} s, ${rule.intensity} allowed)`}</span></div>`)}
    </div></li>`;
}

const Output = ({ title, lines }) => lines?.length > 0 && html`<h3>${title}</h3>
  <pre class="lines">${lines.map((line) => `${line.text}\n`)}</pre>`;

export function Why({ answer: why }) {
  if (!why.ended)
    return html`<div class="why"><p class="say">${whySentence(why)}</p>
      <p class="sub">After its next end this shows who sent what, which rule decided, and
      what followed. Events are known from number ${why.events_from} on.</p></div>`;
  const links = linksOf(why.steps);
  const begin = links[0]?.event.time_ns ?? 0;
  const over = (links.at(-1)?.event.time_ns ?? begin) - begin;
  const age = Date.now() - Date.parse((why.root ?? why.end).wall);
  return html`<div class="why"><p class="say">${whySentence(why)}</p>
    <p class="sub">${duration(age)} ago, all over in ${short(over)}.</p>
    <ol class="chain">${links.map((link) => html`<${Link} ...${link} begin=${begin} />`)}</ol>
    ${why.left_out > 0 && html`<p class="dim">${why.left_out} more steps are left out.</p>`}
    <${Output} title=${`${idOf(why.path)} wrote last`} lines=${why.output} />
    ${why.root && html`<${Output} title=${`${idOf(why.root.path)} wrote last`}
      lines=${why.root_output} />`}
  </div>`;
}
