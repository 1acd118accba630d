// SPDX-License-Identifier: GPL-2.0-only
// The tab Logs: the lines that a child has written, and those that follow. The list stays
// where the reader has scrolled to; at its end it follows.
import { html, useEffect, useLayoutEffect, useRef, useState } from '../html.js';
import { BASE } from '../api.js';

const MAX_LINES = 1000;
export const cli = (node) => `suptree logs ${node.path} --follow`;

function useLines(path) {
  const [lines, setLines] = useState(null);
  useEffect(() => {
    setLines(null);
    const source = new EventSource(
      `${BASE}/processes/${encodeURIComponent(path)}/logs?lines=200&follow=true`);
    source.addEventListener('logs', (message) => setLines(JSON.parse(message.data).lines));
    source.addEventListener('output', (message) => setLines((had) =>
      [...(had ?? []), JSON.parse(message.data)].slice(-MAX_LINES)));
    source.addEventListener('error', () => setLines((had) => had ?? []));
    return () => source.close();
  }, [path]);
  return lines;
}

export function Logs({ node, scroll }) {
  const lines = useLines(node.path);
  const atEnd = useRef(true);
  useEffect(() => {
    const box = scroll.current;
    const note = () => {
      atEnd.current = box.scrollTop + box.clientHeight > box.scrollHeight - 24;
    };
    box.addEventListener('scroll', note, { passive: true });
    return () => box.removeEventListener('scroll', note);
  }, []);
  useLayoutEffect(() => {
    if (atEnd.current) scroll.current.scrollTop = scroll.current.scrollHeight;
  }, [lines]);
  if (!lines) return null;
  if (!lines.length)
    return html`<p><b>${node.id} has written nothing.</b></p>
      <p class="sub">Here is what it writes to its standard output and standard error.</p>`;
  return html`<ol class="log" aria-label="Lines">${lines.map((line) => html`<li>
    <time title=${line.wall}>${line.wall.slice(11, 19)}</time>
    <span class=${line.stream === 'stderr' ? 'warn' : 'dim'}>${
  line.stream === 'stderr' ? 'err' : 'out'}</span><span>${line.text}</span></li>`)}</ol>`;
}
