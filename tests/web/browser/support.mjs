// What tests in a real browser share: TAP, a county served by the built program, the browser, axe-core.
//
// A county of a few hundred residents is made in a fresh folder and served on a
// free port; both are gone at the end.
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export const source = process.env.LIUDONG_SOURCE;
const build = process.env.LIUDONG_BUILD;
const require = createRequire(join(source, 'package.json'));
const { chromium } = require('playwright-core');
const axe = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');
const folder = mkdtempSync(join(tmpdir(), 'liudong-browser-'));

// ---- TAP -------------------------------------------------------------------

let count = 0, failed = 0;
export function report(ok, name, details = []) {
  count += 1;
  if (!ok) failed += 1;
  console.log(`${ok ? 'ok' : 'not ok'} ${count} ${name}`);
  if (!ok) for (const line of details.slice(0, 12)) console.log(`# ${line}`.replaceAll('\n', ' '));
}
export function equal(name, actual, expected) {
  report(actual === expected, name, [`expected ${JSON.stringify(expected)}`, `got ${JSON.stringify(actual)}`]);
}

// ---- the server ------------------------------------------------------------

function startServer() {
  const args = ['demo', '--residents', '400', '--db', join(folder, 'county.db'), '--listen', '127.0.0.1:0'];
  const child = spawn(join(build, 'liudong'), args, { cwd: source, stdio: ['ignore', 'pipe', 'inherit'] });
  return new Promise((resolve, reject) => {
    let said = '';
    const timer = setTimeout(() => reject(new Error(`the server did not start: ${said}`)), 60000);
    child.on('exit', (status) => reject(new Error(`the server ended with ${status}: ${said}`)));
    child.stdout.on('data', (data) => {
      said += data;
      const url = said.match(/http:\/\/127\.0\.0\.1:\d+/), password = said.match(/with the password ([^,\s]+)/);
      if (url && password) {
        clearTimeout(timer);
        resolve({ child, url: url[0], password: password[1] });
      }
    });
  });
}

function stopServer(child) {
  child.removeAllListeners('exit');
  return new Promise((resolve) => {
    child.on('exit', (status) => resolve(status));
    child.kill('SIGTERM');
  });
}

// ---- the browser -----------------------------------------------------------

const flags = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
  '--disable-component-update', '--disable-sync'];
let profiles = 0;
export function openBrowser(options = {}) {
  profiles += 1;
  return chromium.launchPersistentContext(join(folder, `profile-${profiles}`), {
    executablePath: process.env.CHROMIUM || '/usr/bin/chromium', headless: true, args: flags, ...options });
}

export async function logIn(page, url, name, password) {
  await page.goto(`${url}/login`);
  await page.fill('#name', name);
  await page.fill('#password', password);
  await page.press('#password', 'Enter');
  await page.waitForLoadState();
  if (!page.url().includes('/login/code')) return;
  await page.fill('#code', await page.textContent('#demo-code')); // the telephone of a demo account
  await page.press('#code', 'Enter');
  await page.waitForLoadState();
}

// axe-core is given to the page by the debugger, past the content-security policy, which stays in force.
export async function accessibilityFaults(page) {
  await page.evaluate(axe);
  const result = await page.evaluate(() => globalThis.axe.run(document, {
    runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] }));
  return result.violations.map((v) => `${v.id}: ${v.help}: ${v.nodes.map((n) => n.target.join(' ')).slice(0, 3).join(', ')}`);
}

// ---- journeys --------------------------------------------------------------

let served; // the server's address, and the demo accounts' password

export async function enter(name) {
  const context = await openBrowser();
  const page = await context.newPage();
  await logIn(page, served.url, name, served.password);
  return { context, page };
}

// Open the deed's form, whether or not it is folded, and press its button.
export async function deed(page, action, fill = async () => {}) {
  const button = page.locator(`details:has(button[value="${action}"])`).last();
  await button.evaluate((element) => { element.open = true; });
  await fill(button);
  await button.locator(`button[value="${action}"]`).press('Enter');
  await page.waitForLoadState();
}

export const paper = { name: 'consent.pdf', mimeType: 'application/pdf', buffer: Buffer.from('%PDF-1.4\nsample\n') };

export async function checkPage(page, path) {
  const faults = [];
  for (const [language, width] of [['zh', 360], ['en', 360], ['en', 1280], ['zh', 1280]]) {
    await page.setViewportSize({ width, height: 800 });
    await page.goto(`${served.url}${path}${path.includes('?') ? '&' : '?'}lang=${language}`);
    await page.evaluate(() => document.querySelectorAll('details').forEach((d) => { d.open = true; }));
    const over = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    if (over > 0) faults.push(`${over} px wider than a window of ${width} px in ${language}`);
    if (width === 360) faults.push(...await accessibilityFaults(page));
  }
  report(faults.length === 0, `${path} on phone and desktop, in both languages`, faults);
}

// ---- the run ---------------------------------------------------------------

// JOURNEYS gets the server's address and the demo accounts' password.
export async function run(journeys) {
  let server;
  try {
    served = server = await startServer();
    await journeys(server.url, server.password);
  } catch (error) {
    report(false, 'the run came to its end', String(error.stack).split('\n'));
  } finally {
    if (server) equal('SIGTERM ends the server cleanly', await stopServer(server.child), 0);
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
  console.log(`1..${count}`);
  process.exit(failed ? 1 : 0);
}
