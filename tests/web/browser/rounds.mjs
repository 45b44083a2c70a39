// Scarce places in a real browser: anybody reads the notice and draws a finished round again in their own
// browser; the office plans a round and opens it; somebody applies, is refused a second time, withdraws; nobody
// seals a list before its last day.  Prints TAP.
import { checkPage, enter, equal, openBrowser, report, run } from './support.mjs';

let url;
const text = (page) => page.textContent('main');

async function open(page, path) {
  await page.goto(url + path);
}

async function press(page, selector) {
  await page.locator(selector).first().press('Enter');
  await page.waitForLoadState();
}

const day = (ahead) => new Date(Date.now() + ahead * 86400000).toISOString().slice(0, 10);

// ---- anybody ------------------------------------------------------------------

async function passerBy() {
  const context = await openBrowser(), page = await context.newPage();
  await open(page, '/rounds');
  report((await text(page)).includes('小学学位第一批'), 'anybody sees the rounds');
  await open(page, '/rounds/1');
  report((await text(page)).includes('1-0004'), 'the result has numbers');
  report(!/resident-/.test(await text(page)) && !(await text(page)).includes('缺少'), 'and nobody\'s record');
  await open(page, '/rounds/1/verify');
  report((await text(page)).includes('全部一致'), 'the server draws it again');
  await press(page, 'form[data-verify-lottery] button');
  await page.waitForSelector('[data-verify-results] li');
  await page.waitForFunction(() => !document.querySelector('[aria-busy]'));
  equal('the browser finds nothing wrong', await page.locator('[data-verify-results] .fails').count(), 0);
  report(await page.locator('[data-verify-results] .holds').count() >= 6, 'the browser draws it again');
  for (const path of ['/rounds', '/rounds/1', '/rounds/1/verify', '/rounds/3']) await checkPage(page, path);
  await context.close();
}

// ---- the office ----------------------------------------------------------------

async function planRound(worker) {
  await open(worker.page, '/rounds');
  await worker.page.selectOption('#allocation', '22/primary');
  await worker.page.fill('#title', '浏览器里的一轮（样例）');
  await worker.page.fill('#units', 'school-1 5\nschool-1 5');
  await worker.page.fill('#deadline', day(3));
  await worker.page.fill('#source', '样例公开摇号');
  await worker.page.fill('#source_day', day(6));
  await press(worker.page, 'form[action="/rounds"] button');
  report((await text(worker.page)).includes('there twice'), 'a unit that is there twice is refused, with the reason');
  await worker.page.selectOption('#allocation', '22/primary');
  await worker.page.fill('#units', 'school-1 5\nschool-2 1');
  await press(worker.page, 'form[action="/rounds"] button');
  const path = new URL(worker.page.url()).pathname;
  report(/^\/rounds\/\d+$/.test(path), `a round is planned (${path})`);
  return path;
}

async function office() {
  const worker = await enter('education'), head = await enter('educationhead');
  const path = await planRound(worker);
  await press(worker.page, 'button[value=open]');
  report((await text(worker.page)).includes('正在报名'), 'it is open');
  await press(worker.page, 'button[value=close]');
  report((await text(worker.page)).includes('the last day is not over'), 'its list is not sealed before the last day');
  await checkPage(worker.page, path);
  await open(head.page, path);
  await head.page.locator('details:has(button[value=cancel])').evaluate((element) => { element.open = true; });
  await head.page.fill('#reason', '样例，不办了');
  await press(head.page, 'button[value=cancel]');
  report((await text(head.page)).includes('已取消'), 'it is cancelled, with the reason');
  for (const who of [worker, head]) await who.context.close();
}

// ---- an applicant ---------------------------------------------------------------

async function applicant() {
  const husband = await enter('husband');
  await open(husband.page, '/rounds/3');
  equal('one household to apply for', await husband.page.locator('input[name=for]').count(), 1);
  await husband.page.locator('input[name=for]').check();
  const may = !(await text(husband.page)).includes('按登记的资料不能参加');
  await press(husband.page, 'button[value=apply]');
  if (may) {
    report(await husband.page.locator('button[value=withdraw]').isVisible(), 'the application is in');
    await husband.page.locator('input[name=for]').check();
    await press(husband.page, 'button[value=apply]');
    report((await text(husband.page)).includes('withdraw it'), 'a second one is refused, with the reason');
    await press(husband.page, 'button[value=withdraw]');
    report((await text(husband.page)).includes('已撤回'), 'it is withdrawn');
  } else
    report((await text(husband.page)).includes('not eligible'), 'who may not take part is told why');
  await checkPage(husband.page, '/rounds/3');
  await husband.context.close();
}

await run(async (address) => {
  url = address;
  await passerBy();
  await office();
  await applicant();
});
