// SPDX-License-Identifier: GPL-2.0-only
// Drawings: one glyph for each state (12 x 12), and icons of pages and buttons (16 x 16).
// Fonts draw such signs in different sizes or as pictures, so they are drawn here.
import { html } from './html.js';

const ring = (...more) => html`<circle cx="6" cy="6" r="4.25" fill="none" stroke="currentColor"
  stroke-width="1.5" ...${more[0] ?? {}} />`;
const filled = (d) => html`<path d=${d} fill="currentColor" />`;
const stroked = (d, width) => html`<path d=${d} fill="none" stroke="currentColor"
  stroke-width=${width} />`;

const GLYPHS = {
  running: () => html`<circle cx="6" cy="6" r="4" fill="currentColor" />`,
  starting: () => [ring(), filled('M6 6V2a4 4 0 0 1 4 4z')],
  stopping: () => [ring(), filled('M6 2a4 4 0 0 1 0 8z')],
  restarting: () => [stroked('M9.9 7.6A4.25 4.25 0 1 1 10 4.6', 1.5),
    filled('M11.2 1.6v3.9H7.3z')],
  stopped: () => html`<circle cx="6" cy="6" r="4" fill="none" stroke="currentColor"
    stroke-width="1.5" />`,
  failed: () => stroked('M2.2 2.2l7.6 7.6M9.8 2.2L2.2 9.8', 2),
  ignored: () => ring({ 'stroke-dasharray': '1.6 1.74' }),
  gone: () => stroked('M6 1v10M3 4h6', 1.5),
  warn: () => [html`<path d="M6 1.4L11.3 10.6H.7z" fill="none" stroke="currentColor"
    stroke-width="1.4" stroke-linejoin="round" />`, stroked('M6 4.6v2.6M6 8.1v1.2', 1.3)],
  check: () => stroked('M1.8 6.4l2.9 2.9 5.5-6.4', 1.8),
};

/** A state as a sign; its word stands beside it, so it is hidden from screen readers. */
export const Glyph = ({ of }) => html`<svg class="g ${of}" viewBox="0 0 12 12"
  aria-hidden="true">${(GLYPHS[of] ?? GLYPHS.stopped)()}</svg>`;

const ICONS = {
  supervisors: 'M3 2.5h5v3H3zM8.5 8.5h5v3h-5zM4.5 5.5V10h4',
  compare: 'M2.5 3h3v10h-3zM6.5 3h3v10h-3zM10.5 3h3v10h-3zM2.5 7h3M6.5 9h3M10.5 6h3',
  operations: 'M2.5 3.5h11M2.5 8h7M2.5 12.5h5M11 9.5l3 2-3 2z',
  docs: 'M3 2.5h7l3 3v8H3zM10 2.5v3h3M5.5 8.5h5M5.5 11h5',
  console: 'M2 3h12v10H2zM4.5 6l2 2-2 2M8 10.5h3.5',
  search: 'M11 7a4 4 0 1 1-8 0 4 4 0 0 1 8 0zM10 10l3.5 3.5',
  theme: 'M13.5 8a5.5 5.5 0 1 1-11 0 5.5 5.5 0 0 1 11 0zM8 2.5v11M9.5 3v10M11 4v8M12.4 5.6v4.8',
  close: 'M4 4l8 8M12 4l-8 8',
  copy: 'M5.5 5.5h7v8h-7zM3.5 10.5v-8h7',
  rows: 'M2.5 4h11M2.5 8h11M2.5 12h11',
  keys: 'M1.5 4h13v8h-13zM4 6.7h.01M7 6.7h.01M10 6.7h.01M12 6.7h.01M5 9.5h6',
};

export const Icon = ({ of }) => html`<svg class="i" viewBox="0 0 16 16" fill="none"
  stroke="currentColor" stroke-width="1.3" aria-hidden="true"><path d=${ICONS[of]} /></svg>`;

export const Brand = () => html`<svg class="logo" viewBox="0 0 20 20" fill="none"
  stroke="currentColor" stroke-width="1.6" aria-hidden="true">
  <circle cx="10" cy="4" r="2.2" fill="currentColor" stroke="none" />
  <path d="M10 6v4M4 14v-3.2h12V14M10 10v4" />
  <circle cx="4" cy="15.5" r="1.7" /><circle cx="10" cy="15.5" r="1.7" />
  <circle cx="16" cy="15.5" r="1.7" /></svg>`;

/** The word of a state. "failed" is a supervisor that gave up. */
export const wordOf = (state) => (state === 'failed' ? 'gave up' : state);

export const State = ({ of, word }) => html`<span class="st st-${of}"><${Glyph} of=${of} />
  <span>${word ?? wordOf(of)}</span></span>`;
