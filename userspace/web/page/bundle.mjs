// SPDX-License-Identifier: GPL-2.0-only
// bundle.mjs SOURCES FOLDER PACKAGES: one script, one style sheet and the document, each
// also compressed. The tag is made of their contents: it changes when the page does.
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { gzipSync } from 'node:zlib';

const [sources, folder, packages] = process.argv.slice(2);
const { build } = createRequire(`${packages}/package.json`)('esbuild');

await build({
  entryPoints: { app: `${sources}/src/main.js` },
  outdir: folder,
  nodePaths: [`${packages}/node_modules`],
  bundle: true,
  minify: true,
  format: 'esm',
  target: 'es2022',
  legalComments: 'none',
  logLevel: 'warning',
});
await build({
  entryPoints: { app: `${sources}/css/app.css` },
  outdir: folder,
  bundle: true,
  minify: true,
  target: 'es2022',
  logLevel: 'warning',
});
writeFileSync(`${folder}/index.html`, readFileSync(`${sources}/index.html`));

const hash = createHash('sha256');
for (const name of ['index.html', 'app.js', 'app.css']) {
  const content = readFileSync(`${folder}/${name}`);
  hash.update(content);
  writeFileSync(`${folder}/${name}.gz`, gzipSync(content, { level: 9 }));
}
writeFileSync(`${folder}/page.h`, `#define ST_PAGE_FOLDER ${JSON.stringify(folder)}
#define ST_PAGE_TAG "\\"page-${hash.digest('hex').slice(0, 16)}\\""
`);
