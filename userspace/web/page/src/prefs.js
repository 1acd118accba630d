// SPDX-License-Identifier: GPL-2.0-only
// What this browser likes: light or dark, and how large. It is kept in the browser only.
import { signal } from './html.js';

const DENSITIES = ['', 'comfortable', 'projector'];
const root = document.documentElement;
const dark = matchMedia('(prefers-color-scheme: dark)');

const read = (name) => {
  try {
    return localStorage.getItem(name) ?? '';
  } catch {
    return '';
  }
};
const keep = (name, value) => {
  try {
    localStorage.setItem(name, value);
  } catch { /* a browser may forbid it: then it is forgotten at the end */ }
};

export const theme = signal(read('theme') || (dark.matches ? 'dark' : 'light'));
export const density = signal(DENSITIES.includes(read('density')) ? read('density') : '');
theme.subscribe((value) => { root.dataset.theme = value; });
density.subscribe((value) => { root.dataset.density = value; });
dark.addEventListener('change', () => {
  if (!read('theme')) theme.value = dark.matches ? 'dark' : 'light';
});

export function switchTheme() {
  theme.value = theme.value === 'dark' ? 'light' : 'dark';
  keep('theme', theme.value);
}

export function setDensity(value) {
  density.value = value;
  keep('density', value);
}

export const switchDensity = () =>
  setDensity(DENSITIES[(DENSITIES.indexOf(density.value) + 1) % DENSITIES.length]);

const narrow = matchMedia('(max-width: 899px)');
const coarse = matchMedia('(pointer: coarse)');
export const isNarrow = signal(narrow.matches);
narrow.addEventListener('change', () => { isNarrow.value = narrow.matches; });

/** The height of a row in pixels, as css/tokens.css has it. */
export const rowHeight = () => (isNarrow.value || coarse.matches ? 44
  : { comfortable: 32, projector: 40 }[density.value] ?? 24);

/** A colour of css/tokens.css, for a canvas. */
export const colour = (name) => getComputedStyle(root).getPropertyValue(`--${name}`).trim();
