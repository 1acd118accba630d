// SPDX-License-Identifier: GPL-2.0-only
// The line at the bottom: the events of the last 5 minutes as bars of 2 s, amber and red
// where something ended, and whether what the page shows is of now.
import { html, useEffect, useRef } from './html.js';
import { Glyph } from './icons.js';
import { events, version, WINDOW_MS } from './marks.js';
import { colour, theme } from './prefs.js';
import { isLost, now } from './store.js';

const PART_MS = 2000;
const PARTS = WINDOW_MS / PART_MS;
const HIGH = 36;
const BASE = 22;

/** Numbers of events and the worst of them, for each part of the window. */
function partsOf(until) {
  const parts = Array.from({ length: PARTS }, () => ({ count: 0, tone: 'plot-2' }));
  for (let i = events.length - 1; i >= 0; i--) {
    const at = PARTS - 1 - Math.floor((until - Date.parse(events[i].wall)) / PART_MS);
    if (at < 0) break;
    const part = parts[Math.min(at, PARTS - 1)];
    part.count++;
    if (events[i].event === 'exited' && part.tone !== 'bad') part.tone = 'warn-fill';
    if (events[i].event === 'report') part.tone = 'bad';
  }
  return parts;
}

const clock = (ms) => new Date(ms).toLocaleTimeString('en-GB', { hour12: false });

function draw(canvas, until) {
  const { width } = canvas.getBoundingClientRect();
  const scale = devicePixelRatio || 1;
  canvas.width = Math.max(1, width * scale);
  canvas.height = HIGH * scale;
  const pen = canvas.getContext('2d');
  pen.scale(scale, scale);
  pen.fillStyle = colour('sunk');
  pen.fillRect(0, 4, width, BASE - 4);
  partsOf(until).forEach(({ count, tone }, i) => {
    if (!count) return;
    const high = Math.min(BASE - 4, 2 + count * 1.4);
    pen.fillStyle = colour(tone);
    pen.fillRect(Math.round(i * width / PARTS), BASE - high,
      Math.max(2, Math.floor(width / PARTS) - 1), high);
  });
  pen.font = `11px ${colour('sans')}`;
  const marks = width < 300 ? 2 : 5;
  for (let i = 0; i < marks; i++) {
    pen.fillStyle = colour('ink-3');
    pen.fillText(clock(until - WINDOW_MS * (1 - i / marks)).slice(0, 5), i * width / marks, 34);
    pen.fillStyle = colour('line-2');
    if (i) pen.fillRect(Math.round(i * width / marks), 4, 1, BASE - 4);
  }
  pen.fillStyle = colour('accent');
  pen.fillRect(Math.round(width) - 2, 2, 2, BASE);
}

export function Scrub() {
  const canvas = useRef(null);
  const redraw = () => draw(canvas.current, now.peek());
  useEffect(() => {
    const watcher = new ResizeObserver(redraw);
    watcher.observe(canvas.current);
    return () => watcher.disconnect();
  }, []);
  useEffect(redraw, [version.value, theme.value, Math.floor(now.value / PART_MS)]);
  const recent = events.filter((event) => now.value - Date.parse(event.wall) < WINDOW_MS).length;
  return html`<footer class="scrub"><div class="track"><canvas ref=${canvas} role="img"
    aria-label="${recent} events in the last 5 minutes" /></div>
    <span class="live">${isLost.value ? html`<${Glyph} of="warn" /><b>Not live</b>`
  : html`<${Glyph} of="running" /><b>Live</b><span class="only-wide">${
    clock(now.value)}</span>`}</span></footer>`;
}
