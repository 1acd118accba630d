// SPDX-License-Identifier: GPL-2.0-only
// One browser for all tests of the page; prints TAP. Each test has a page of its own and
// waits for what the document shows, never for a time.
import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tests as all } from './tests.mjs';

const load = createRequire(`${process.env.ST_PACKAGES}/package.json`);
const { chromium } = load('playwright-core');
const HANG_MS = 100000; /* guards against a hang only */
/* ST_ONLY=WORD: only tests with that word in their name, while one works on them */
const tests = all.filter(([name]) => name.includes(process.env.ST_ONLY ?? ''));

const browser = await chromium.launch({
  executablePath: process.env.ST_BROWSER,
  args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
    '--disable-background-networking', '--disable-component-update', '--disable-sync',
    '--disable-dev-shm-usage'],
  timeout: HANG_MS,
});
const url = process.env.ST_URL;
/* what a browser reports of a refusal and of a cut connection that a test has made */
const EXPECTED = /status of (401|409)|ERR_INTERNET_DISCONNECTED/;
const faults = [];

/** A ticket is good for a minute, and a browser may take longer to start. */
const ticket = (role) => JSON.parse(execFileSync('suptree', ['open', '--role', role, '--json']))
  .link.split('#')[1];

/** A login of its own: cookies of one are not sent by another. */
async function login(role) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 720 },
    reducedMotion: 'reduce', colorScheme: 'light' });
  context.setDefaultTimeout(HANG_MS);
  context.on('request', (request) => request.url().startsWith(url) ||
    faults.push(`a request leaves: ${request.url()}`));
  context.on('console', (message) => ['error', 'warning'].includes(message.type()) &&
    !EXPECTED.test(message.text()) && faults.push(message.text()));
  context.on('weberror', (error) => faults.push(error.error().stack));
  const page = await context.newPage();
  await page.goto(`${url}/login#${ticket(role)}`);
  await page.locator('.r[data-path]').first().waitFor();
  await page.close();
  return context;
}

mkdirSync(process.env.ST_SCREENS, { recursive: true });
console.log(`TAP version 13\n1..${tests.length}`);
let failed = 0;
const logins = { admin: await login('admin'), viewer: await login('viewer') };
const tools = { browser, url, faults, axe: load.resolve('axe-core/axe.min.js'),
  screens: process.env.ST_SCREENS };
for (const [i, [name, role, run]] of tests.entries()) {
  const page = await logins[role].newPage();
  let result = 'ok';
  try {
    await run(page, tools);
    if (faults.length) throw new Error(faults.splice(0).join('\n'));
  } catch (error) {
    result = 'not ok';
    failed++;
    console.log(String(error.stack).replace(/^/gm, '# '));
    await page.screenshot({ path: `${process.env.ST_SCREENS}/failed-${name}.png` })
      .catch(() => {});
    faults.length = 0;
  }
  await page.close();
  console.log(`${result} ${i + 1} ${name}`);
}
await browser.close();
console.log(`# Totals: pass:${tests.length - failed} fail:${failed}`);
process.exit(failed ? 1 : 0);
