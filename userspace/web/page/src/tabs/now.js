// SPDX-License-Identifier: GPL-2.0-only
// The tab Now: all that `info` knows of a child and its process.
import { html } from '../html.js';
import { State } from '../icons.js';
import { Pairs } from '../parts/small.js';
import { duration, number } from '../text.js';

const mib = (kb) => (kb === undefined ? undefined : `${(kb / 1024).toFixed(1)} MiB`);

function stopOf(info) {
  if (info.shutdown === 'infinity') return 'SIGTERM, and no limit to wait';
  if (info.shutdown === 'brutal_kill') return 'SIGKILL at once';
  return `SIGTERM, then SIGKILL after ${info.shutdown / 1000} s`;
}

const budgetOf = (info) => `${info.intensity - info.restarts_in_period} of ${
  info.intensity} left, in ${info.period} s`;

export const source = (node) => `/processes/${encodeURIComponent(node.path)}/info`;
export const cli = (node) => `suptree info ${node.path}`;

export function Now({ answer: info, node }) {
  const process = info.process ?? {};
  const mono = (text) => text && html`<span class="mono">${text}</span>`;
  return html`<div>
    <${Pairs} of=${[
    ['state', html`<${State} of=${node.shown} />`],
    ['says', info.status],
    ['up', info.uptime_ms === undefined ? undefined
      : `${duration(info.uptime_ms)}, generation ${info.generation}`],
    ['reason', info.reason && mono(JSON.stringify(info.reason))],
    ['restarts', number(info.restarts)],
    ['strategy', info.strategy],
    ['budget', info.strategy && budgetOf(info)],
    ['restart', info.restart],
    ['stop', stopOf(info)],
  ]} />
    ${info.process && html`<h3>Process</h3><${Pairs} of=${[
    ['pid', html`${process.pid} <span class="dim">parent ${process.ppid}</span>`],
    ['command', mono(process.command?.join(' '))],
    ['waits in', mono(process.wchan)],
    ['memory', mib(process.rss_kb)],
    ['CPU', `${number((process.user_ms ?? 0) + (process.system_ms ?? 0))} ms in all`],
    ['descriptors', process.fds],
    ['threads', process.threads],
    ['switches', process.voluntary_switches === undefined ? undefined
      : `${number(process.voluntary_switches)} by itself, ${
        number(process.involuntary_switches)} forced`],
    ['user', process.uid],
    ['folder', mono(process.cwd)],
    ['cgroup', mono(process.cgroup)],
  ]} />`}
  </div>`;
}
