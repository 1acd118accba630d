// SPDX-License-Identifier: GPL-2.0-only
// The page begins here. Read on in store.js (where the state comes from), shell.js (the
// frame) and supervisors.js.
import { Compare } from './compare.js';
import { html, render } from './html.js';
import { onKey } from './keys.js';
import { Empty } from './parts/small.js';
import { route } from './router.js';
import { Shell } from './shell.js';
import { start } from './store.js';
import { Supervisors } from './supervisors.js';

/* id, word in the rail, component; the rail has only what works */
const PAGES = [['supervisors', 'Supervisors', Supervisors], ['compare', 'Compare', Compare]];

const NotFound = () => html`<section class="content"><div class="scroll"><${Empty}
  title="There is no such page" text="The pages are in the list at the left."><//></div></section>`;

const Page = () => {
  const Content = PAGES.find(([id]) => id === route.value.page)?.[2] ?? NotFound;
  return html`<${Shell} pages=${PAGES}><${Content} /><//>`;
};

render(html`<${Page} />`, document.body);
addEventListener('keydown', onKey);
start();
