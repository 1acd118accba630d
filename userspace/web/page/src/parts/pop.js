// SPDX-License-Identifier: GPL-2.0-only
// The layer that explains: the text of a rule, or where a figure is from. It opens on hover
// (after 300 ms) and on focus, and Escape closes it.
import { html, signal, useLayoutEffect, useRef } from '../html.js';

const DELAY_MS = 300;
const shown = signal(null);
let timer = 0;

function open(event, what) {
  const { left, bottom, top } = event.currentTarget.getBoundingClientRect();
  shown.value = { ...what, left, bottom, top };
}

export function closePop() {
  clearTimeout(timer);
  shown.value = null;
}

/** Properties of an element that is explained by {title, text}. */
export const explained = (what) => ({
  onPointerEnter: (event) => {
    const { currentTarget } = event;
    clearTimeout(timer);
    timer = setTimeout(() => open({ currentTarget }, what), shown.value ? 0 : DELAY_MS);
  },
  onPointerLeave: closePop,
  onFocus: (event) => open(event, what),
  onBlur: closePop,
});

/** A rule of userspace/core/RULES.md as a small tag. */
export const Rule = ({ id, text }) => html`<button type="button" class="tag rule"
  aria-label=${`rule ${id}: ${text ?? ''}`} ...${explained({ title: `[${id}]`, text })}>${id}
  </button>`;

export function Pop() {
  const self = useRef(null);
  const what = shown.value;
  useLayoutEffect(() => {
    const box = self.current;
    if (!box) return;
    const isBelow = what.bottom + 6 + box.offsetHeight < innerHeight;
    box.style.left = `${Math.max(12, Math.min(what.left, innerWidth - box.offsetWidth - 12))}px`;
    box.style.top = `${isBelow ? what.bottom + 6 : what.top - box.offsetHeight - 6}px`;
  });
  return what && html`<div class="pop" role="tooltip" ref=${self}>
    <b>${what.title}</b>${' '}${what.text}</div>`;
}
