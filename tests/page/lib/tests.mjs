// SPDX-License-Identifier: GPL-2.0-only
// The tests of the page: [name, role, function of a page of the browser].
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';

const rowOf = (page, path) => page.locator(`.r[data-path="${path}"]`);
const pidIn = (row) => row.locator('.c-pid').evaluate((cell) => cell.lastChild.textContent);

async function open(page, { url }, path = '/supervisors') {
  await page.goto(url + path);
  await page.locator('.r[data-path]').first().waitFor();
}

/** Press a button twice at once: its arming ends after 3 s. */
const twice = (button) => button.evaluate((self) => {
  self.click();
  self.click();
});

/** Wait until the pid of a row is another one than before, and it runs. */
const restarted = (page, path, before) => page.waitForFunction(([wanted, pid]) => {
  const row = document.querySelector(`.r[data-path="${wanted}"]`);
  const shown = row?.querySelector('.c-pid').lastChild?.textContent;
  return row?.classList.contains('is-running') && shown && shown !== pid;
}, [path, before]);

async function findings(page, { axe }) {
  await page.evaluate(readFileSync(axe, 'utf8'));
  const { violations } = await page.evaluate(() => globalThis.axe.run());
  return violations.map((one) => `${one.id}: ${one.nodes.map((node) => node.html).join(' | ')}`);
}

const SIZES = { '': [1280, 720], phone: [390, 844], wide: [2560, 1440] };

async function picture(page, tools, name, theme, size) {
  const [width, height] = SIZES[size];
  await page.setViewportSize({ width, height });
  const now = await page.evaluate(() => document.documentElement.dataset.theme);
  if (now !== theme) await page.keyboard.press('t');
  await page.waitForFunction((wanted) => document.documentElement.dataset.theme === wanted, theme);
  await page.screenshot({
    path: `${tools.screens}/${name}-${theme}${size && `-${size}`}.png` });
}

export const tests = [
  ['a_link_logs_in_and_the_tree_shows', 'admin', async (page, tools) => {
    await open(page, tools, '/');
    for (const path of ['/', 'one_for_one', 'rest_for_one/counter_1'])
      assert.equal(await rowOf(page, path).locator('.c-st').innerText().then((text) =>
        text.split(/\s/)[0]), 'running');
    const pid = await pidIn(rowOf(page, 'rest_for_one/counter_1'));
    assert.match(pid, /^\d+$/);
    assert.match(await page.locator('.who').innerText(), /admin$/);
  }],

  ['the_policy_forbids_all_but_the_files_of_the_gateway', 'admin', async (page, tools) => {
    const answer = await page.goto(`${tools.url}/supervisors`);
    const policy = answer.headers()['content-security-policy'];
    assert.match(policy, /^default-src 'none'; script-src 'self'; style-src 'self'/);
    assert.ok(!policy.includes('unsafe'), policy);
    assert.equal(answer.headers()['content-encoding'], 'gzip');
  }],

  ['the_shell_has_at_most_40_KiB', 'admin', async (page, tools) => {
    await open(page, tools);
    const size = await page.evaluate(() => performance.getEntriesByType('resource')
      .filter((one) => /app\.(js|css)$/.test(one.name))
      .reduce((sum, one) => sum + one.encodedBodySize, 0));
    assert.ok(size > 10000 && size <= 40 * 1024, `${size} bytes`);
  }],

  ['a_file_that_a_browser_has_is_not_sent_again', 'admin', async (page, tools) => {
    await open(page, tools);
    const [status, size] = await page.evaluate(async () => {
      const first = await fetch('/app.js', { cache: 'no-store' });
      const again = await fetch('/app.js', { cache: 'no-store',
        headers: { 'If-None-Match': first.headers.get('ETag') } });
      return [again.status, (await again.text()).length];
    });
    assert.deepEqual([status, size], [304, 0]);
  }],

  ['a_kill_shows_first_what_it_does_and_then_the_new_pid', 'admin', async (page, tools) => {
    await open(page, tools);
    const row = rowOf(page, 'rest_for_one/counter_2');
    const before = await pidIn(row);
    const other = await pidIn(rowOf(page, 'rest_for_one/counter_1'));
    await row.hover();
    await row.locator('[data-act=kill]').hover();
    const line = page.locator('.attention.blast');
    await line.waitFor();
    assert.match(await line.innerText(),
      /Kill rest_for_one\/counter_2\s+2 processes end and start again/);
    assert.deepEqual(await page.locator('.r.hit').evaluateAll((rows) =>
      rows.map((one) => one.dataset.path)), ['rest_for_one/counter_2', 'rest_for_one/printer_1']);
    const asked = await row.locator('[data-act=kill]').evaluate((button) => new Promise((done) => {
      new MutationObserver(() => done(button.textContent.trim())).observe(button,
        { childList: true, characterData: true, subtree: true });
      button.click();
    }));
    assert.equal(asked, 'Kill, 2 processes?');
    await twice(row.locator('[data-act=kill]'));
    await restarted(page, 'rest_for_one/counter_2', before);
    await restarted(page, 'rest_for_one/printer_1', '');
    assert.equal(await pidIn(rowOf(page, 'rest_for_one/counter_1')), other);
  }],

  ['a_restart_is_explained', 'admin', async (page, tools) => {
    await open(page, tools);
    const before = await pidIn(rowOf(page, 'one_for_all/counter_1'));
    const last = await pidIn(rowOf(page, 'one_for_all/printer_1'));
    await twice(rowOf(page, 'one_for_all/counter_1').locator('[data-act=kill]'));
    await restarted(page, 'one_for_all/counter_1', before);
    await restarted(page, 'one_for_all/printer_1', last);
    await open(page, tools, '/supervisors/one_for_all%2Fprinter_1?tab=why');
    await page.locator('.chain > li:nth-child(6)').waitFor();
    assert.equal(await page.locator('.why .say').innerText(),
      'Started again because counter_1 was killed.');
    assert.equal(await page.locator('.chain > li').count(), 6);
    assert.ok(await page.locator('.chain [aria-label^="rule D2"]').count());
  }],

  ['the_drawer_has_all_of_a_child', 'admin', async (page, tools) => {
    await open(page, tools);
    await rowOf(page, 'one_for_one/counter_1').locator('.id').click();
    await page.locator('.kv').first().waitFor();
    assert.equal(new URL(page.url()).pathname, '/supervisors/one_for_one%2Fcounter_1');
    assert.match(await page.locator('#panel').innerText(),
      /permanent[^]*SIGTERM, then SIGKILL after 5 s/);
    await page.locator('[data-tab=logs]').click();
    await page.locator('.log li').first().waitFor();
    assert.match(await page.locator('.log').innerText(), /value 0/);
    await page.locator('[data-tab=spec]').click();
    await page.locator('#panel .lines').waitFor();
    assert.match(await page.locator('#panel').innerText(), /start: \[counter, "0"\]/);
    assert.match(await page.locator('.drawer footer').innerText(), /suptree get-childspec/);
  }],

  ['a_child_is_terminated_and_started', 'admin', async (page, tools) => {
    await open(page, tools, '/supervisors/one_for_one%2Fprinter_1');
    await twice(page.locator('.drawer [data-act=terminate]'));
    await page.locator('.r.is-stopped[data-path="one_for_one/printer_1"]').waitFor();
    await page.locator('.drawer [data-act=delete]').waitFor();
    await page.locator('.drawer [data-act=start]').click();
    await page.locator('.r.is-running[data-path="one_for_one/printer_1"]').waitFor();
  }],

  ['what_fails_is_said_and_stays', 'admin', async (page, tools) => {
    await open(page, tools, '/supervisors/one_for_one%2Fcounter_1');
    await page.locator('.drawer [data-act=kill]').waitFor();
    await page.route('**/processes/**', (route) => (route.request().method() === 'DELETE'
      ? route.fulfill({ status: 409, contentType: 'application/problem+json',
        body: '{"detail": "it is not possible now", "kind": "conflict"}' }) : route.continue()));
    await twice(page.locator('.drawer [data-act=kill]'));
    const said = page.locator('.drawer [role=alert]');
    await said.waitFor();
    assert.equal(await said.innerText(), 'Kill one_for_one/counter_1: it is not possible now');
  }],

  ['a_filter_shows_what_matches_and_what_is_above_it', 'admin', async (page, tools) => {
    await open(page, tools);
    await page.keyboard.press('/');
    await page.keyboard.type('printer');
    await page.waitForFunction(() => !document.querySelector('.r[data-path$="counter_1"]'));
    const shown = await page.locator('.r[data-path]').evaluateAll((rows) =>
      rows.map((row) => row.dataset.path));
    assert.deepEqual(shown.slice(0, 3), ['/', 'one_for_one', 'one_for_one/printer_1']);
    await page.keyboard.press('Control+A');
    await page.keyboard.type('cuonter_1');
    await page.getByText('Nothing matches "cuonter_1"').waitFor();
    await page.getByRole('button', { name: 'Show all' }).click();
    await rowOf(page, 'one_for_one/counter_1').waitFor();
  }],

  ['the_keyboard_is_enough', 'admin', async (page, tools) => {
    await open(page, tools);
    const focused = () => page.evaluate(() => document.activeElement.dataset.path);
    await page.locator('.r[tabindex="0"]').focus();
    assert.equal(await focused(), '/');
    const press = async (key, path) => {
      await page.keyboard.press(key);
      await page.waitForFunction((wanted) => document.activeElement.dataset.path === wanted, path);
    };
    await press('j', 'one_for_one');
    await press('ArrowDown', 'one_for_one/counter_1');
    await press('h', 'one_for_one');
    await page.keyboard.press('ArrowLeft');
    await page.locator('.r[data-path=one_for_one][aria-expanded=false]').waitFor();
    await press('j', 'one_for_all');
    await press('k', 'one_for_one');
    await page.keyboard.press('l');
    await page.locator('.r[data-path=one_for_one][aria-expanded=true]').waitFor();
    await press('ArrowRight', 'one_for_one/counter_1');
    await page.keyboard.press(' ');
    await page.locator('.chosen').waitFor();
    await page.keyboard.press('Enter');
    await page.locator('.drawer[aria-label="one_for_one/counter_1"]').waitFor();
    await page.keyboard.press('Escape');
    await page.locator('.drawer').waitFor({ state: 'detached' });
    await page.keyboard.press('?');
    await page.getByRole('dialog', { name: 'Keys' }).waitFor();
    await page.keyboard.press('Escape');
    await page.locator('dialog').waitFor({ state: 'detached' });
    await page.keyboard.press('Control+k');
    await page.keyboard.type('rest_for_one/pri');
    await page.locator('[role=option]').filter({ hasText: 'rest_for_one/printer_1' }).waitFor();
    await page.keyboard.press('Enter');
    await page.locator('.drawer[aria-label="rest_for_one/printer_1"]').waitFor();
  }],

  ['three_strategies_differ_and_a_prediction_is_judged', 'admin', async (page, tools) => {
    await page.goto(`${tools.url}/compare`);
    await page.locator('.cell').nth(8).waitFor();
    const pids = () => page.locator('.cell .pid').evaluateAll((all) =>
      all.map((one) => one.lastChild.textContent));
    const before = await pids();
    await page.getByRole('button', { name: 'Predict' }).click();
    await page.getByLabel('rest_for_one/counter_2: new pid').click();
    await page.locator('[data-kill=counter_2]').click();
    await page.locator('.verdict').nth(8).waitFor();
    const changed = { one_for_one: ['counter_2'],
      one_for_all: ['counter_1', 'counter_2', 'printer_1'],
      rest_for_one: ['counter_2', 'printer_1'] };
    const stories = await page.locator('.cell').evaluateAll((all) => all.map((one) =>
      [one.dataset.path, one.querySelector('p').textContent.startsWith('same process')]));
    for (const [path, isSame] of stories) {
      const [tree, child] = path.split('/');
      assert.equal(isSame, !changed[tree].includes(child), path);
    }
    /* six of nine changed, one of them was said: 3 + 1 */
    assert.match(await page.locator('.headline').innerText(), /You had 4 of 9 right/);
    await page.waitForFunction((had) => [...document.querySelectorAll('.cell .pid')].every(
      (one, i) => (one.lastChild.textContent !== had[i]) ===
        !one.closest('.cell').querySelector('p').textContent.startsWith('same')), before);
  }],

  ['of_a_thousand_children_only_the_rows_that_are_seen_are_there', 'admin', async (page, tools) => {
    await open(page, tools);
    await rowOf(page, '/').focus();
    await page.keyboard.press('End');
    await page.waitForFunction(() => document.activeElement.dataset.path === 'web');
    assert.ok(await page.locator('.r').count() < 80);
    assert.ok(Number(await page.locator('[role=treegrid]').getAttribute('aria-rowcount')) > 1000);
    await page.keyboard.press('Home');
    await page.waitForFunction(() => document.activeElement.dataset.path === '/');
  }],

  ['texts_of_children_stay_texts', 'admin', async (page, tools) => {
    const path = '<img src=x onerror=alert(1)>/<b>bold';
    await open(page, tools, `/supervisors/${encodeURIComponent(path)}?tab=logs`);
    await page.locator('.log li').first().waitFor();
    assert.match(await page.locator('.log').innerText(), /<script>alert\(2\)<\/script>/);
    assert.equal(await page.locator('.drawer h2').innerText(), '<b>bold');
    assert.equal(await page.locator('img, .drawer b b, .log script').count(), 0);
  }],

  ['a_viewer_sees_why_a_button_is_not_for_him', 'viewer', async (page, tools) => {
    await open(page, tools, '/supervisors/one_for_one%2Fcounter_1');
    const button = page.locator('.drawer [data-act=kill]');
    await button.waitFor();
    assert.equal(await button.getAttribute('aria-disabled'), 'true');
    assert.match(await button.getAttribute('title'), /needs the role operator/);
    const before = await pidIn(rowOf(page, 'one_for_one/counter_1'));
    await twice(button);
    await page.locator('[data-tab=why]').click();
    await page.locator('.why .say').waitFor();
    assert.equal(await pidIn(rowOf(page, 'one_for_one/counter_1')), before);
  }],

  ['a_lost_connection_is_said_and_comes_back_by_itself', 'admin', async (page, tools) => {
    await open(page, tools);
    await page.context().setOffline(true);
    await page.locator('.bar.on').filter({ hasText: 'Last heard' }).waitFor();
    await page.context().setOffline(false);
    await page.locator('.bar.on').waitFor({ state: 'detached' });
    await page.locator('.live', { hasText: 'Live' }).waitFor();
  }],

  ['without_a_login_the_page_says_how_to_get_one', 'viewer', async (page, tools) => {
    const context = await tools.browser.newContext();
    const stranger = await context.newPage();
    await stranger.goto(tools.url);
    await stranger.getByText('You are not logged in').waitFor();
    assert.match(await stranger.locator('.login').innerText(), /suptree open/);
    await context.close();
  }],

  ['axe_finds_nothing_in_any_size_or_theme', 'admin', async (page, tools) => {
    const names = [['supervisors', '/supervisors', '.r'],
      ['drawer', '/supervisors/rest_for_one%2Fprinter_1?tab=why', '.why .say'],
      ['compare', '/compare', '.cell']];
    for (const [name, path, wanted] of names) {
      await page.goto(tools.url + path);
      await page.locator(wanted).first().waitFor();
      for (const theme of ['light', 'dark'])
        for (const size of Object.keys(SIZES)) {
          await picture(page, tools, name, theme, size);
          if (size !== 'wide')
            assert.deepEqual(await findings(page, tools), [], `${name} ${theme} ${size}`);
        }
    }
  }],
];
