// SPDX-License-Identifier: GPL-2.0-only
// The page Compare: what a kill did in each of three trees, out of the events. Pure.
import { happened } from './text.js';

export const STRATEGIES = [
  { id: 'one_for_one', rule: 'D1', text: 'Only the child that died starts again.' },
  { id: 'one_for_all', rule: 'D2', text: 'All stop, the last one first; then all start in order.' },
  { id: 'rest_for_one', rule: 'D3',
    text: 'Those started after it stop too; then it and they start.' },
];

const ORDINALS = ['', '1st', '2nd', '3rd'];
const ordinal = (nr) => ORDINALS[nr] ?? `${nr}th`;

/** Steps of a tree after event number `since`: [{id, word, nr, ms}], the first at 0 ms. */
export function stepsOf(events, tree, since) {
  const found = events.filter((event) => event.seq > since &&
    ['exited', 'started'].includes(event.event) && event.path.startsWith(`${tree}/`));
  return found.map((event, i) => ({ id: event.path.slice(tree.length + 1), nr: i + 1,
    word: happened(event), ms: (event.time_ns - found[0].time_ns) / 1e6 }));
}

/** What happened to a child, in words; null: nothing. */
export function storyOf(steps, id) {
  const own = steps.filter((step) => step.id === id);
  return own.length ? own.map((step) => `${step.word} ${ordinal(step.nr)}`).join(', ') : null;
}

/** Has each child that ended started again, the one that was killed among them? */
export function isOver(steps, victim) {
  const ends = steps.filter((step) => step.word !== 'started').length;
  const starts = steps.filter((step) => step.word === 'started').length;
  return ends > 0 && ends === starts && steps.some((step) => step.id === victim);
}
