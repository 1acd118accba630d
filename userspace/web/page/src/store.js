// SPDX-License-Identifier: GPL-2.0-only
// The state of the page, and what keeps it true: the tree is asked for after events, at
// most 10 times a second, and every 2 s for what changes without one (uptimes, status
// texts). Events come by one stream, which goes on after the last one that was seen.
import { batch, computed, signal } from './html.js';
import { BASE, Problem, get, session as askSession } from './api.js';
import * as marks from './marks.js';
import { makeTree } from './model.js';

const POLL_MS = 2000;
const LEAST_MS = 100;
const RETRY_MS = 2000;
const LOST_MS = 2000;

export const session = signal(null);
export const status = signal(null);
export const tree = signal(null);
/** "loading", "live", "lost", or "out": no login. */
export const link = signal('loading');
export const now = signal(Date.now());
/** When the gateway answered last. */
export const heardAt = signal(Date.now());
/** The tree's uptimes are as of then. */
export const askedAt = signal(Date.now());
export const isLost = computed(() => link.value === 'lost' && now.value - heardAt.value > LOST_MS);

const LEVELS = ['viewer', 'operator', 'admin'];
/** Has this login the rights of a role? */
export const may = (role) => LEVELS.indexOf(session.value?.role) >= LEVELS.indexOf(role);

function heard() {
  heardAt.value = Date.now();
}

function failed(error) {
  if (error instanceof Problem && (error.status === 401 || error.status === 403))
    link.value = 'out';
  else if (link.value !== 'out') link.value = 'lost';
}

let isAsking = false;
let mustAsk = false;
let cost = 0;
let timer = 0;

/** Ask for the tree; several wishes at the same time become one. */
export async function refresh() {
  if (isAsking) {
    mustAsk = true;
    return;
  }
  isAsking = true;
  mustAsk = false;
  const begin = performance.now();
  try {
    const answer = await get('/supervision-trees');
    batch(() => {
      tree.value = makeTree(answer, marks.marks);
      askedAt.value = Date.now();
      heard();
      link.value = 'live';
    });
  } catch (error) {
    failed(error);
  }
  isAsking = false;
  cost = performance.now() - begin;
  if (mustAsk) soon();
}

function soon() {
  timer ||= setTimeout(() => {
    timer = 0;
    refresh();
  }, Math.max(LEAST_MS, 3 * cost));
}

/** Show the marks that changed without a new tree. */
let last = '';
let source = null;

function onEvent(message) {
  last = message.lastEventId;
  heard();
  marks.note(JSON.parse(message.data));
  soon();
}

function onResync(message) {
  last = message.lastEventId;
  marks.forget();
  heard();
  refresh();
}

function follow() {
  const [incarnation, seq] = last.split('-');
  const query = last ? `since=${seq}&incarnation=${incarnation}` : 'since=0';
  source = new EventSource(`${BASE}/events?${query}`);
  source.addEventListener('event', onEvent);
  source.addEventListener('resync', onResync);
  source.addEventListener('open', () => {
    heard();
    soon();
  });
  source.addEventListener('error', () => {
    source.close();
    source = null;
    if (link.value === 'live') refresh();
    setTimeout(() => link.value !== 'out' && follow(), RETRY_MS);
  });
}

async function begin() {
  try {
    session.value = await askSession();
    const [state] = await Promise.all([get('/status'), refresh()]);
    status.value = { ...state, at: Date.now() };
    follow();
  } catch (error) {
    failed(error);
    if (link.value === 'lost') setTimeout(begin, RETRY_MS);
  }
}

export function start() {
  begin();
  setInterval(() => {
    if (!document.hidden) now.value = Date.now();
  }, 1000);
  setInterval(() => {
    if (!document.hidden && session.value && link.value !== 'out') refresh();
  }, POLL_MS);
  addEventListener('visibilitychange', () => !document.hidden && session.value && refresh());
}
