// SPDX-License-Identifier: GPL-2.0-only
// Small parts of several pages: a command to copy, pips of a budget, bars of restarts.
import { html, useState } from '../html.js';
import { Icon } from '../icons.js';

export function Command({ text }) {
  const [isCopied, setCopied] = useState(false);
  const copy = async () => {
    await navigator.clipboard?.writeText(text);
    setCopied(true);
  };
  return html`<div class="copy"><span title=${text}>${text}</span>
    <button type="button" class="icon" aria-label=${isCopied ? 'Copied' : `Copy: ${text}`}
      title=${isCopied ? 'Copied' : 'Copy'} onClick=${copy} onPointerLeave=${() =>
  setCopied(false)}><${Icon} of="copy" /></button></div>`;
}

/** The restarts that a supervisor has left, as far as they can be counted by eye. */
export const Pips = ({ all, left }) => (all > 10 || all < 1 ? null
  : html`<span class="pips ${left ? '' : 'none'}" aria-hidden="true">${
    Array.from({ length: all }, (_, i) => html`<i class=${i < left ? '' : 'used'} />`)}</span>`);

export function Bars({ values, isBad }) {
  const most = Math.max(3, ...values);
  const width = 64 / values.length;
  return html`<svg class="spark" viewBox="0 0 64 16" aria-hidden="true">
    <path class="base" d="M0 15.5H64" />${values.map((value, i) => value > 0 && html`<rect
      class=${isBad ? 'bad' : ''} x=${i * width} y=${15 - 13 * value / most}
      width=${Math.max(2, width - 1)} height=${13 * value / most + 1} />`)}</svg>`;
}

export const Pairs = ({ of }) => html`<dl class="kv">${of.filter(([, value]) =>
  value !== undefined && value !== null && value !== '').map(([name, value]) => html`
  <dt>${name}</dt><dd>${value}</dd>`)}</dl>`;

/** What is not there, what it would show, and the command that makes it. */
export const Empty = ({ title, text, command, children }) => html`<div class="empty">
  <h2>${title}</h2><p>${text}</p>${command && html`<${Command} text=${command} />`}
  ${children}</div>`;
