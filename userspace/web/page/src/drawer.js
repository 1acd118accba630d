// SPDX-License-Identifier: GPL-2.0-only
// The drawer: one child, what can be done to it, and its tabs. The tab is in the address.
import { html, useEffect, useRef, useState } from './html.js';
import { get } from './api.js';
import { Glyph, Icon } from './icons.js';
import { version } from './marks.js';
import { Act, trouble } from './parts/act.js';
import { Command } from './parts/small.js';
import { go, linkTo, route } from './router.js';
import * as logs from './tabs/logs.js';
import * as now from './tabs/now.js';
import * as spec from './tabs/spec.js';
import * as why from './tabs/why.js';
import { SIGNALS, verbsFor } from './verbs.js';

const TABS = { now: ['Now', now, now.Now], why: ['Why', why, why.Why],
  logs: ['Logs', logs, logs.Logs], spec: ['Specification', spec, spec.Specification] };

export const tabOf = () => (route.value.query.get('tab') in TABS
  ? route.value.query.get('tab') : 'now');

/** The answer of a tab, asked for anew after each event; null: there is none yet. */
function useAnswer(address, turn) {
  const [found, setFound] = useState({});
  useEffect(() => {
    let isWanted = true;
    if (!address) return undefined;
    get(address).then((answer) => isWanted && setFound({ address, answer }),
      (error) => isWanted && setFound({ address, error }));
    return () => { isWanted = false; };
  }, [address, turn]);
  return found.address === address ? found : {};
}

function Tabs({ node, tab }) {
  const names = Object.keys(TABS);
  const onKey = (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const next = names[(names.indexOf(tab) + step + names.length) % names.length];
    go(linkTo('supervisors', node.path, { tab: next }), { replaces: true });
    event.currentTarget.querySelector(`[data-tab=${next}]`).focus();
  };
  return html`<div class="tabs" role="tablist" aria-label="About ${node.id}" onKeyDown=${onKey}>
    ${names.map((name) => html`<button type="button" role="tab" key=${name} data-tab=${name}
      id="tab-${name}" aria-controls="panel" aria-selected=${name === tab ? 'true' : 'false'}
      tabIndex=${name === tab ? 0 : -1} onClick=${() => go(
  linkTo('supervisors', node.path, { tab: name }), { replaces: true })}>${
  TABS[name][0]}</button>`)}</div>`;
}

function Buttons({ node }) {
  const [signal, setSignal] = useState('KILL');
  return html`<div class="acts-d">${verbsFor(node).map((name) => html`<${Act} key=${name}
    name=${name} node=${node} isSmall options=${name === 'kill' ? { signal } : {}} />`)}
    ${verbsFor(node).includes('kill') && html`<label class="field signal">
      <span class="unit">SIG</span><select aria-label="Signal of Kill" value=${signal}
      onChange=${(event) => setSignal(event.currentTarget.value)}>${SIGNALS.map((name) =>
  html`<option value=${name}>${name}</option>`)}</select></label>`}</div>`;
}

function Panel({ node, tab }) {
  const [, module, Content] = TABS[tab];
  const scroll = useRef(null);
  const { answer, error } = useAnswer(module.source?.(node), `${version.value} ${node.state}`);
  return html`<div class="scroll" role="tabpanel" id="panel" tabIndex="0" ref=${scroll}
    aria-labelledby="tab-${tab}" key=${`${tab} ${node.path}`}>
    ${error && html`<p class="bad"><b>${error.message}</b></p>`}
    ${(answer || !module.source) && html`<${Content} answer=${answer} node=${node}
      scroll=${scroll} />`}</div>
    <footer><${Command} text=${module.cli(node)} /></footer>`;
}

const close = () => go('/supervisors');

function Gone({ path }) {
  return html`<aside class="drawer" aria-label="${path} is gone"><header><div class="path">
    <${Glyph} of="gone" /><h2 class="clip">${path}</h2><button type="button" class="icon"
    aria-label="Close" title="Close (Esc)" onClick=${close}><${Icon} of="close" /></button>
    </div></header><div class="scroll"><p><b>${path} is not in the tree.</b></p>
    <p class="sub">It was deleted, or it was temporary and has ended.</p></div></aside>`;
}

export function Drawer({ tree }) {
  const { path } = route.value;
  if (!path) return null;
  const node = tree.byPath.get(path);
  if (!node) return html`<${Gone} path=${path} />`;
  const tab = tabOf();
  return html`<aside class="drawer" aria-label=${node.path}>
    <header><div class="path"><${Glyph} of=${node.shown} /><h2 class="clip"
      title=${node.path}>${node.id}</h2>${node.pid && html`<span class="mono pid">pid ${
  node.pid}</span>`}<button type="button" class="icon" aria-label="Close" title="Close (Esc)"
      onClick=${close}><${Icon} of="close" /></button></div>
      <${Buttons} node=${node} key=${node.path} />
      ${trouble.value?.path === node.path && html`<p class="bad" role="alert">${
  trouble.value.text}</p>`}</header>
    <${Tabs} node=${node} tab=${tab} /><${Panel} node=${node} tab=${tab} /></aside>`;
}
