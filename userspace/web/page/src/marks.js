// SPDX-License-Identifier: GPL-2.0-only
// What the events have told of each child, and the events themselves, for as long as the
// page shows them: the pid that a child had before (a ghost, 10 s), its restarts (5 min).
import { signal } from './html.js';

export const GHOST_MS = 10000;
export const WINDOW_MS = 300000;
const MAX_EVENTS = 5000;

export const marks = new Map();
export const events = [];
/** Changes whenever an event was added. */
export const version = signal(0);

const atOf = (event) => Date.parse(event.wall);

function markOf(path) {
  if (!marks.has(path)) marks.set(path, { restarts: [] });
  return marks.get(path);
}

const DO = {
  exited(mark, event) {
    mark.ghost = { pid: event.pid, at: atOf(event) };
    mark.end = event;
  },
  start_failed(mark, event) { mark.end = event; },
  starting(mark) { mark.gaveUp = mark.ignored = null; },
  started(mark, event) {
    mark.gaveUp = mark.ignored = null;
    if (event.cause?.generation !== undefined || event.restarts > 0)
      mark.restarts.push(atOf(event));
    mark.started = atOf(event);
  },
  ignored(mark) { mark.ignored = true; },
  report(mark, event) {
    if (event.context === 'shutdown' && event.reason === 'reached_max_restart_intensity')
      markOf(event.sup).gaveUp = event;
  },
};

export function note(event) {
  events.push(event);
  if (events.length > MAX_EVENTS) events.splice(0, events.length - MAX_EVENTS);
  if (event.path !== undefined) DO[event.event]?.(markOf(event.path), event);
  version.value++;
}

/** Events were lost: what is known of children may be wrong. */
export function forget() {
  marks.clear();
  events.length = 0;
  version.value++;
}

/** The pid before, if it ended less than 10 s ago. */
export const ghostOf = (node, now) =>
  node.mark?.ghost && now - node.mark.ghost.at < GHOST_MS ? node.mark.ghost.pid : undefined;

/** Numbers of restarts in 12 equal parts of the last 5 min; null: there is none. */
export function restartBars(node, now) {
  const bars = Array(12).fill(0);
  const add = (from) => {
    for (const at of from.mark?.restarts ?? []) {
      const part = 11 - Math.floor((now - at) / (WINDOW_MS / 12));
      if (part >= 0 && part < 12) bars[part]++;
    }
    from.kids?.forEach(add);
  };
  add(node);
  return bars.some(Boolean) ? bars : null;
}
