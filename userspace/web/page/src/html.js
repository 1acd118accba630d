// SPDX-License-Identifier: GPL-2.0-only
// What each module needs of the libraries. Templates become elements; a text in one is
// always a text node, so no text of a child can become a tag.
import '@preact/signals';
import { h } from 'preact';
import htm from 'htm';

export const html = htm.bind(h);
export { render } from 'preact';
export { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
export { batch, computed, effect, signal, untracked } from '@preact/signals';
