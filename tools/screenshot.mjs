// Makes a picture of one page of a running demo for the documents, by hand:
//
//     make run                                    (in another terminal)
//     node tools/screenshot.mjs [URL] [ACCOUNT] [PATH] [FILE]
//
// Without arguments: the page /me of the account resident2 on http://127.0.0.1:8080,
// in Chinese, a window 1280 px wide, its first 1100 px, into docs/images/me.png.
// CHROMIUM names the browser where it is not /usr/bin/chromium.
import { mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { chromium } from 'playwright-core';

const [url = 'http://127.0.0.1:8080', account = 'resident2', path = '/me', file = 'docs/images/me.png'] = process.argv.slice(2);
const password = 'liudong'; // of every demo account
const size = { width: 1280, height: 1100 };

const profile = mkdtempSync(join(tmpdir(), 'liudong-screenshot-'));
const browser = await chromium.launchPersistentContext(profile, {
  executablePath: process.env.CHROMIUM || '/usr/bin/chromium', headless: true, locale: 'zh-CN', viewport: size,
  args: ['--no-sandbox', '--disable-gpu', '--lang=zh-CN', '--no-first-run', '--disable-background-networking',
    '--disable-component-update', '--disable-sync'] });
try {
  const page = await browser.newPage();
  await page.goto(`${url}/login?lang=zh`);
  await page.fill('#name', account);
  await page.fill('#password', password);
  await page.press('#password', 'Enter');
  await page.waitForURL((address) => !address.pathname.startsWith('/login'));
  await page.goto(url + path);
  mkdirSync(dirname(file), { recursive: true });
  await page.screenshot({ path: file });
  console.log(`${file}: ${size.width} × ${size.height}, ${Math.ceil(statSync(file).size / 1024)} KB`);
} finally {
  await browser.close();
  rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
}
