// SPDX-License-Identifier: GPL-2.0-only
// The tree as the page needs it: out of the answer of the gateway, each node with its
// parent, level, sums and worst state. Pure: nothing here asks, draws or keeps anything.
const RANK = { failed: 3, restarting: 2, stopping: 2, starting: 1 };

/** The state that is shown: the daemon's, refined by what the events have told. */
function shownState(node, mark) {
  if (node.state === 'stopped' && mark?.gaveUp) return 'failed';
  if (node.state === 'stopped' && mark?.ignored) return 'ignored';
  return node.state;
}

function place(raw, parent, marks, byPath) {
  const node = { ...raw, parent, level: parent ? parent.level + 1 : 0, kids: null };
  node.isSupervisor = raw.type === 'supervisor';
  node.mark = marks.get(raw.path);
  node.shown = shownState(raw, node.mark);
  node.rank = RANK[node.shown] ?? 0;
  byPath.set(raw.path, node);
  if (!node.isSupervisor) {
    node.leaves = 1;
    node.wanted = node.shown === 'ignored' ? 0 : 1;
    node.runs = node.shown === 'running' ? 1 : 0;
    return node;
  }
  node.kids = (raw.children ?? []).map((kid) => place(kid, node, marks, byPath));
  node.leaves = Math.max(1, sum(node.kids, 'leaves'));
  node.wanted = sum(node.kids, 'wanted');
  node.runs = sum(node.kids, 'runs');
  node.left = Math.max(0, raw.intensity - raw.restarts_in_period);
  node.worst = Math.max(node.rank, ...node.kids.map((kid) => kid.worst ?? kid.rank));
  return node;
}

function sum(nodes, name) {
  return nodes.reduce((total, node) => total + node[name], 0);
}

/** {root, byPath}: all nodes, linked. Marks are what events have told of a path. */
export function makeTree(answer, marks) {
  const byPath = new Map();
  const root = place(answer.root, null, marks, byPath);
  return { root, byPath, seq: answer.seq };
}

/** The rows that are seen, from the top: what is folded or filtered out is not. */
export function rowsOf(tree, folded, matches) {
  const rows = [];
  const visit = (node) => {
    const at = rows.push(node);
    let isFound = matches ? matches(node) : true;
    if (node.kids && (matches || !folded.has(node.path)))
      for (const kid of node.kids) isFound = visit(kid) || isFound;
    if (!isFound) rows.length = at - 1;
    return isFound;
  };
  visit(tree.root);
  return rows;
}

/** The lines left of a name: for each level whether it goes on below. */
export function guidesOf(node) {
  const guides = [];
  if (!node.parent) return guides;
  guides.unshift(isLast(node) ? 'e' : 't');
  for (let at = node.parent; at.parent; at = at.parent) guides.unshift(isLast(at) ? '' : 'v');
  return guides;
}

function isLast(node) {
  return node.parent.kids.at(-1) === node;
}

/** How many nodes are in which state. */
export function countStates(tree) {
  const counts = {};
  for (const node of tree.byPath.values()) counts[node.shown] = (counts[node.shown] ?? 0) + 1;
  return counts;
}

/** Nodes that are not well, the worst first. */
export function unwell(tree) {
  return [...tree.byPath.values()].filter((node) => node.rank > 0)
    .sort((one, other) => other.rank - one.rank);
}

/** The health in one word, and the reason. */
export function healthOf(tree) {
  const found = unwell(tree)[0];
  if (!found) return { word: 'healthy', glyph: 'running', tone: 'ok', why: '' };
  const why = `${found.id} ${found.shown === 'failed' ? 'gave up' : `is ${found.shown}`}`;
  return found.shown === 'failed'
    ? { word: 'critical', glyph: 'failed', tone: 'bad', why }
    : { word: 'degraded', glyph: 'warn', tone: 'warn', why };
}

/** The path whose name is nearest to a filter that found nothing. */
export function nearest(tree, text) {
  let best = null;
  for (const node of tree.byPath.values()) {
    const far = distance(node.id, text);
    if (!best || far < best.far) best = { node, far };
  }
  return best && best.far <= Math.max(2, text.length / 2) ? best.node : null;
}

function distance(one, other) {
  let row = [...Array(other.length + 1).keys()];
  for (let i = 1; i <= one.length; i++) {
    const next = [i];
    for (let j = 1; j <= other.length; j++)
      next[j] = Math.min(next[j - 1] + 1, row[j] + 1, row[j - 1] + (one[i - 1] !== other[j - 1]));
    row = next;
  }
  return row.at(-1);
}
