// SPDX-License-Identifier: GPL-2.0-only
// The whole tree in three levels of blocks, as wide as they have leaves: one child in
// trouble is seen among thousands. A click goes there. Drawn again at most 10 times a
// second, and only if something has changed.
import { html, useEffect, useRef } from './html.js';
import { unwell } from './model.js';
import { colour, density, theme } from './prefs.js';
import { go, linkTo, route } from './router.js';
import { tree } from './store.js';

const LEVELS = 3;
const SIGN = { failed: '✕', restarting: '↻', stopping: '◑', starting: '◔' };
const INK_ON_AMBER = '#1a1c1f';

/** Blocks of the levels below the root: {node, x, width, level}, in parts of 1. */
function blocksOf(root) {
  const blocks = [];
  const visit = (node, at, level) => {
    if (level >= 0)
      blocks.push({ node, level, x: at / root.leaves, width: node.leaves / root.leaves });
    let next = at;
    if (level + 1 < LEVELS) for (const kid of node.kids ?? []) {
      visit(kid, next, level + 1);
      next += kid.leaves;
    }
  };
  visit(root, 0, -1);
  return blocks;
}

function toneOf(node) {
  if (node.shown === 'failed') return ['bad', 'paper'];
  const worst = node.worst ?? node.rank;
  if (!node.isSupervisor && node.rank) return ['warn-fill', ''];
  return [worst === 3 ? 'bad-wash' : worst ? 'warn-wash' : 'sunk',
    node.isSupervisor ? 'ink' : 'ink-2'];
}

function label(pen, text, width) {
  if (pen.measureText(text).width <= width) return text;
  let cut = text;
  while (cut.length > 2 && pen.measureText(`${cut}…`).width > width) cut = cut.slice(0, -1);
  return cut.length > 2 ? `${cut}…` : '';
}

function drawBlock(pen, { node, level, x, width }, size, high) {
  const left = Math.round(x * size);
  const wide = Math.max(node.rank ? 2 : 0, Math.round((x + width) * size) - left - 1);
  const top = level * high;
  const [fill, ink] = toneOf(node);
  pen.fillStyle = colour(fill);
  pen.fillRect(left, top, wide, high - 1);
  if (node.isSupervisor && node.worst && node.shown !== 'failed') {
    pen.fillStyle = colour(node.worst === 3 ? 'bad' : 'warn-fill');
    pen.fillRect(left, top + high - 3, wide, 2);
  }
  if (wide > 8 && (node.shown === 'stopped' || node.shown === 'ignored')) {
    pen.strokeStyle = colour('line-2');
    pen.setLineDash([2, 2]);
    pen.strokeRect(left + 0.5, top + 0.5, wide - 1, high - 2);
    pen.setLineDash([]);
  }
  const sign = SIGN[node.shown];
  const text = label(pen, sign ? `${sign} ${node.id}` : node.id, wide - 6) ||
    (sign && wide > 10 ? sign : '');
  pen.fillStyle = ink ? colour(ink) : INK_ON_AMBER;
  pen.fillText(text, left + 3, top + high / 2);
  if (node.path === route.value.path) {
    pen.strokeStyle = colour('accent');
    pen.lineWidth = 2;
    pen.strokeRect(left + 1, top + 1, Math.max(2, wide - 2), high - 3);
    pen.lineWidth = 1;
  }
}

function draw(canvas, root) {
  const { width } = canvas.getBoundingClientRect();
  const high = density.value === 'projector' ? 24 : 20;
  const scale = devicePixelRatio || 1;
  canvas.style.height = `${high * LEVELS}px`;
  canvas.width = Math.max(1, width * scale);
  canvas.height = high * LEVELS * scale;
  const pen = canvas.getContext('2d');
  pen.scale(scale, scale);
  pen.font = `${density.value === 'projector' ? 14 : 11}px ${colour('sans')}`;
  pen.textBaseline = 'middle';
  for (const block of blocksOf(root)) drawBlock(pen, block, width, high);
  return high;
}

function inWords(all) {
  const found = unwell(all);
  return found.length ? `All children. Not well: ${found.slice(0, 5).map((node) =>
    `${node.path} ${node.shown}`).join('; ')}` : 'All children. None is in trouble.';
}

export function Icicle() {
  const canvas = useRef(null);
  const all = tree.value;
  const redraw = () => canvas.current && draw(canvas.current, all.root);
  useEffect(() => {
    const watcher = new ResizeObserver(redraw);
    watcher.observe(canvas.current);
    return () => watcher.disconnect();
  }, [all]);
  useEffect(() => { redraw(); }, [all, route.value.path, theme.value, density.value]);
  const nodeAt = (event) => {
    const box = canvas.current.getBoundingClientRect();
    const x = (event.clientX - box.left) / box.width;
    const level = Math.floor((event.clientY - box.top) / (box.height / LEVELS));
    return blocksOf(all.root).filter((block) => block.level <= level && block.x <= x &&
      x < block.x + block.width).at(-1)?.node;
  };
  return html`<div class="icicle"><canvas ref=${canvas} role="img" aria-label=${inWords(all)}
    onPointerMove=${(event) => { canvas.current.title = nodeAt(event)?.path ?? ''; }}
    onClick=${(event) => {
    const node = nodeAt(event);
    if (node) go(linkTo('supervisors', node.path));
  }} /></div>`;
}
