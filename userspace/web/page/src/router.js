// SPDX-License-Identifier: GPL-2.0-only
// The address is the state of the page: /PAGE/PATH?tab=TAB. A path of a child is one
// segment, so that ids with blanks or slashes come back as they went.
import { computed, signal } from './html.js';

const address = signal(location.pathname + location.search);

addEventListener('popstate', () => { address.value = location.pathname + location.search; });

export const route = computed(() => {
  const url = new URL(address.value, location.origin);
  const [page, below] = url.pathname.split('/').slice(1);
  return {
    page: page || 'supervisors',
    path: below ? decodeURIComponent(below) : '',
    query: url.searchParams,
  };
});

export function go(target, { replaces = false } = {}) {
  if (target === address.value) return;
  history[replaces ? 'replaceState' : 'pushState'](null, '', target);
  address.value = target;
}

export const linkTo = (page, path = '', query = {}) => {
  const more = new URLSearchParams(query).toString();
  return `/${page}${path ? `/${encodeURIComponent(path)}` : ''}${more ? `?${more}` : ''}`;
};

/** Links inside the page do not load it again. */
export function onLink(event) {
  const link = event.target.closest?.('a[href^="/"]');
  if (!link || link.target || event.button || event.metaKey || event.ctrlKey || event.shiftKey)
    return;
  event.preventDefault();
  go(link.getAttribute('href'));
}
