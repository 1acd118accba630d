// SPDX-License-Identifier: GPL-2.0-only
// A button that changes a child. Hover and focus show what it would do. If it harms, the
// first click arms it for 3 s, and says how many processes it is about; the second does it.
import { html, signal, useEffect } from '../html.js';
import { blast, hideBlast, showBlast } from '../blast.js';
import { may, refresh } from '../store.js';
import { plural } from '../text.js';
import { REFUSAL, VERBS } from '../verbs.js';

const ARMED_MS = 3000;
/** The button that is armed: "verb path". */
const armed = signal('');
/** What went wrong last: {path, text}; it is shown until the next action. */
export const trouble = signal(null);
let timer = 0;

export function disarm() {
  clearTimeout(timer);
  armed.value = '';
}

function arm(key) {
  disarm();
  armed.value = key;
  timer = setTimeout(disarm, ARMED_MS);
}

async function run(verb, node, options) {
  disarm();
  hideBlast();
  trouble.value = null;
  try {
    await verb.run(node, options);
  } catch (error) {
    trouble.value = { path: node.path, text: `${verb.word} ${node.path}: ${error.message}` };
  }
  refresh();
}

function question(verb, node) {
  const found = blast.value;
  if (!found || found.path !== node.path || found.verb !== verb.verb) return `${verb.word}?`;
  return found.answer.ends ? `${verb.word}, ${plural(found.answer.ends, 'process', 'processes')}?`
    : `${verb.word}?`;
}

export function Act({ name, node, options = {}, isSmall, tabIndex }) {
  const verb = VERBS[name];
  const key = `${name} ${node.path}`;
  const isArmed = armed.value === key;
  const isAllowed = may(verb.role);
  const show = () => isAllowed && showBlast(node.path, verb.verb, options.signal);
  useEffect(() => () => armed.peek() === key && disarm(), [key]);
  const click = (event) => {
    event.stopPropagation();
    if (!isAllowed) return;
    if (!verb.harms || armed.value === key) run(verb, node, options);
    else arm(key);
  };
  return html`<button type="button" tabIndex=${tabIndex} data-act=${name}
    class="btn ${isSmall ? 'small' : ''} ${verb.harms && name !== 'restart' ? 'harm' : ''} ${
  isArmed ? 'armed' : ''}"
    aria-disabled=${isAllowed ? undefined : 'true'}
    title=${isAllowed ? verb.cli(node, options) : `${verb.word}: ${REFUSAL[verb.role]}`}
    onPointerEnter=${show} onPointerLeave=${hideBlast} onFocus=${show}
    onBlur=${() => { hideBlast(); disarm(); }} onClick=${click}>
    ${isArmed ? question(verb, node) : verb.word}</button>`;
}
