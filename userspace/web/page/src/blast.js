// SPDX-License-Identifier: GPL-2.0-only
// Consequences before the click: the daemon's `blast` for what a button would do. It is
// asked for after 80 ms of rest on the button, and kept until the next event.
import { signal } from './html.js';
import { get, segment } from './api.js';
import { version } from './marks.js';

const REST_MS = 80;
/** {path, verb, answer, steps: path -> [{nr, glyph, word}]}, or null. */
export const blast = signal(null);

let timer = 0;
let wish = null;
let cached = { key: '' };

function stepsOf(answer) {
  const steps = new Map();
  answer.steps.filter((step) => step.type === 'worker').forEach((step, i) => {
    const [glyph, word] = step.event === 'exited'
      ? step.asked ? ['stopping', 'stopped'] : ['failed', 'killed']
      : step.event === 'started' ? ['running', 'started'] : ['gone', step.event];
    if (!steps.has(step.path)) steps.set(step.path, []);
    steps.get(step.path).push({ nr: i + 1, glyph, word });
  });
  return steps;
}

async function ask(path, verb, signalName) {
  const key = [path, verb, signalName, version.value].join('\n');
  if (cached.key !== key) {
    const more = signalName ? `&signal=${signalName}` : '';
    const answer = await get(`/processes/${segment(path)}/blast?verb=${verb}${more}`);
    cached = { key, answer };
  }
  return cached.answer;
}

/** Show what a verb would do; an answer that comes too late is not shown. */
export function showBlast(path, verb, signalName) {
  const mine = { path, verb, signalName };
  wish = mine;
  clearTimeout(timer);
  timer = setTimeout(async () => {
    try {
      const answer = await ask(path, verb, signalName);
      if (wish === mine) blast.value = { ...mine, answer, steps: stepsOf(answer) };
    } catch {
      /* the button still does what it does; its own answer says what is wrong */
    }
  }, REST_MS);
}

export function hideBlast() {
  clearTimeout(timer);
  wish = null;
  blast.value = null;
}

/** The rule that the first consequence follows. */
export function lawOf(answer) {
  const step = answer.steps.find((one) => one.because) ?? answer.steps.find((one) => one.rule);
  return step && { id: step.because ?? step.rule, text: step.because_text ?? step.rule_text };
}
