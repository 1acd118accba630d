// SPDX-License-Identifier: GPL-2.0-only
// The tab Specification: what the daemon was told of a child, as YAML would have it.
import { html } from '../html.js';

export const source = (node) => `/processes/${encodeURIComponent(node.path)}/spec`;
export const cli = (node) => `suptree get-childspec ${node.path}`;

const isPlain = (text) => /^[A-Za-z_/.][\w/.-]*$/.test(text) &&
  !/^(?:true|false|null|yes|no|on|off)$/i.test(text);

function flow(value) {
  if (Array.isArray(value)) return `[${value.map(flow).join(', ')}]`;
  if (value && typeof value === 'object')
    return `{${Object.entries(value).map(([key, one]) => `${key}: ${flow(one)}`).join(', ')}}`;
  return typeof value === 'string' && isPlain(value) ? value : JSON.stringify(value);
}

/** YAML of a specification: a key a line, what is below it indented. */
export function yaml(value, indent = '') {
  return Object.entries(value).map(([key, one]) => {
    if (Array.isArray(one) && one.some((item) => item && typeof item === 'object'))
      return `${indent}${key}:\n${one.map((item) =>
        `${indent}  - ${yaml(item, `${indent}    `).trimStart()}`).join('\n')}`;
    if (one && typeof one === 'object' && !Array.isArray(one))
      return `${indent}${key}:\n${yaml(one, `${indent}  `)}`;
    return `${indent}${key}: ${flow(one)}`;
  }).join('\n');
}

export const Specification = ({ answer }) => html`<pre class="lines">${yaml(answer)}</pre>`;
