// SPDX-License-Identifier: GPL-2.0-only
// The frame of each page: the rail, the top line, the line about a lost connection.
import { html, useEffect } from './html.js';
import { Brand, Glyph, Icon } from './icons.js';
import { healthOf } from './model.js';
import { Pop } from './parts/pop.js';
import { Command } from './parts/small.js';
import { Dialogs, dialog } from './palette.js';
import { switchTheme } from './prefs.js';
import { linkTo, onLink, route } from './router.js';
import { Scrub } from './scrub.js';
import { heardAt, isLost, link, now, session, status, tree } from './store.js';
import { duration, idOf } from './text.js';

function Rail({ pages }) {
  const state = status.value;
  return html`<aside class="rail" aria-label="Pages"><div class="brand"><${Brand} />
    <span>suptree</span></div><nav>${pages.map(([id, word]) => html`<a key=${id} href="/${id}"
    aria-current=${route.value.page === id ? 'page' : undefined}><${Icon} of=${id} /><span>${
  word}</span></a>`)}</nav>${state && html`<div class="foot">suptreed ${state.version}<br />pid ${
  state.pid}<br />up ${duration(state.uptime_ms + now.value - state.at)}</div>`}</aside>`;
}

function Crumbs({ title }) {
  const { page, path } = route.value;
  const parts = path && path !== '/' ? path.split('/') : [];
  const above = parts.slice(0, -1).map((id, i) => ({ id,
    href: linkTo(page, parts.slice(0, i + 1).join('/')) }));
  return html`<div class="crumbs">${path && html`<a href="/${page}">${title}</a><i>/</i>`}${
    above.map((one) => html`<a href=${one.href}>${one.id}</a><i>/</i>`)}<h1>${
    path ? idOf(path) : title}</h1></div>`;
}

function Health() {
  if (!tree.value) return null;
  const health = healthOf(tree.value);
  return html`<a class="health chip" href="/supervisors" title=${health.why ||
    'no supervisor gave up, and nothing is starting, stopping or restarting'}>
    <span class=${health.tone}><${Glyph} of=${health.glyph} /></span><b>${health.word}</b>
    <span class="only-wide">${health.why}</span></a>`;
}

const Top = ({ title }) => html`<header class="top"><${Crumbs} title=${title} />
  <span class="space" /><${Health} />
  <button type="button" class="find" title="Find (Ctrl K)"
    onClick=${() => { dialog.value = 'find'; }}>
    <${Icon} of="search" /><span>Find</span>${' '}<kbd>Ctrl K</kbd></button>
  <span class="who"><b>${location.host}</b> · ${session.value?.role ?? 'no login'}</span>
  <button type="button" class="icon" aria-label="Keys" title="Keys (?)" onClick=${() => {
    dialog.value = 'keys';
  }}><${Icon} of="keys" /></button>
  <button type="button" class="icon" aria-label="Light or dark" title="Light or dark (t)"
    onClick=${switchTheme}><${Icon} of="theme" /></button></header>`;

const Lost = () => html`<div class="bar ${isLost.value ? 'on' : ''}" role="status">${
  isLost.value && html`<${Glyph} of="warn" /><span>Last heard ${
    duration(now.value - heardAt.value)} ago. The page tries again every 2 s and goes on by
  itself.</span>`}</div>`;

const Login = () => html`<main class="login"><h1><${Brand} /> suptree</h1>
  <h2>You are not logged in</h2>
  <p>A link of this command opens the page. It is good for one minute, once.</p>
  <${Command} text="suptree open" /></main>`;

export function Shell({ pages, children }) {
  const { page } = route.value;
  const title = pages.find(([id]) => id === page)?.[1] ?? 'Not found';
  const name = route.value.path ? `${route.value.path} · suptree` : `${title} · suptree`;
  useEffect(() => { document.title = name; }, [name]);
  if (link.value === 'out') return html`<${Login} />`;
  return html`<div class="app ${isLost.value ? 'lost' : ''}" onClick=${onLink}>
    <${Rail} pages=${pages} /><${Top} title=${title} /><${Lost} />
    <main class="main">${children}</main><${Scrub} /></div>
    <${Pop} /><${Dialogs} pages=${pages} />`;
}
