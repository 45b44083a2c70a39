// Work and markets in a real browser, by keyboard: an employer's advertisement is refused with the law and then
// stands; somebody says what they look for, sees what suits them and why, applies, and is hired; a firm puts
// what it needs into a market, asks another to be introduced, and is accepted.  Prints TAP.
import { checkPage, enter, equal, openBrowser, report, run } from './support.mjs';

let url;
const text = (page) => page.textContent('main');
const day = (ahead) => new Date(Date.now() + ahead * 86400000).toISOString().slice(0, 10);

async function open(page, path) {
  await page.goto(url + path);
}

async function press(page, selector) {
  await page.locator(selector).first().press('Enter');
  await page.waitForLoadState();
}

async function says(page, words, name) {
  const said = await text(page);
  report(said.includes(words), name, [`${words} is not in: ${said.replace(/\s+/g, ' ').slice(0, 300)}`]);
}

// ---- an advertisement ------------------------------------------------------------

async function fillAdvertisement(page, body) {
  await page.fill('#title', '浏览器里的客服');
  await page.fill('#occupation', '客服');
  await page.fill('#text', body);
  await page.fill('#pay_from', '4000');
  await page.fill('#pay_to', '6000');
  await page.fill('#posts', '1');
  await page.fill('#until', day(20));
}

async function advertise(employer) {
  await open(employer.page, '/jobs/new');
  await fillAdvertisement(employer.page, '接听电话，限男性，<b>急聘</b>。');
  await press(employer.page, 'button[value=send]');
  await says(employer.page, '就业促进法', 'an advertisement that the law does not allow is refused, and the law named');
  await fillAdvertisement(employer.page, '接听电话，处理订单，会说普通话。');
  await press(employer.page, 'button[value=send]');
  await says(employer.page, '正在招聘', 'put right it stands');
  return new URL(employer.page.url()).pathname;
}

// ---- somebody who looks for work ---------------------------------------------------

async function look(resident, post) {
  await open(resident.page, '/jobs/matches');
  await says(resident.page, '先填求职意向', 'without a profile one is told what to do');
  await open(resident.page, '/jobs/profile');
  await resident.page.fill('#occupations', '客服\nchache');
  await resident.page.check('#alerts');
  await press(resident.page, 'button[value=save]');
  await open(resident.page, '/jobs/matches');
  await says(resident.page, '浏览器里的客服', 'what suits one is there');
  await says(resident.page, '场内专用机动车辆作业证', 'what is within reach of a certificate, typed by its syllables');
  await says(resident.page, '叉车证培训班', 'and a course that leads to it');
  const parts = await resident.page.locator('details.points').first().evaluate((element) => {
    const cells = [...element.querySelectorAll('tbody td')].map((cell) => parseInt(cell.textContent, 10));
    return { sum: cells.slice(0, -1).reduce((a, b) => a + b, 0), total: cells.at(-1) };
  });
  equal('the points that are shown add up', parts.sum, parts.total);
  await open(resident.page, '/jobs?q=kefu');
  await says(resident.page, '浏览器里的客服', 'it is found by its syllables');
  await open(resident.page, post);
  await says(resident.page, '适不适合您', 'its page says whether it suits one');
  await resident.page.fill('#letter', '您好');
  await press(resident.page, 'button[value=apply]');
  return new URL(resident.page.url()).pathname;
}

async function hire(employer, resident, application) {
  await open(employer.page, application);
  await employer.page.evaluate(() => document.querySelectorAll('details').forEach((d) => { d.open = true; }));
  await employer.page.fill('#times', `${day(2)} 09:30`);
  await employer.page.fill('#place', '样例办公楼');
  await press(employer.page, 'button[value=propose]');
  await open(resident.page, application);
  await resident.page.check('#slot-0');
  await press(resident.page, 'button[value=pick]');
  await open(employer.page, application);
  await press(employer.page, 'button[value=offer]');
  await open(resident.page, application);
  await press(resident.page, 'button[value=accept]');
  await open(employer.page, application);
  await employer.page.fill('#first_day', day(1));
  await press(employer.page, 'button[value=hire]');
  await open(resident.page, application);
  await says(resident.page, '已上班', 'who was hired sees it');
}

async function work() {
  const employer = await enter('employer'), resident = await enter('resident');
  const post = await advertise(employer);
  const application = await look(resident, post);
  await open(employer.page, `${post}/candidates`);
  report(!/resident-/.test(await text(employer.page)), 'who suits a post is shown without names and records');
  for (const path of ['/jobs/matches', '/jobs/profile', post, '/jobs?q=kefu', '/jobs/fairs']) await checkPage(resident.page, path);
  for (const path of ['/jobs/new', '/jobs/mine', '/jobs/1/candidates', '/jobs/seekers']) await checkPage(employer.page, path);
  await hire(employer, resident, application);
  await employer.context.close();
  await resident.context.close();
}

// ---- a market ------------------------------------------------------------------------

async function markets() {
  const employer = await enter('employer');
  await open(employer.page, '/markets');
  await says(employer.page, '供应和采购', 'the markets are there');
  await open(employer.page, '/markets/supplies/new?side=seekers');
  await employer.page.fill('#title', '采购铝铸件，电话 13800000000');
  await employer.page.fill('#until', day(30));
  await press(employer.page, 'main form button[type=submit]');
  await says(employer.page, '这里不要写电话', 'contact data is refused, in Chinese');
  await employer.page.fill('#title', '浏览器里采购铝铸件');
  await employer.page.check('input[name="v.products"][value=castings]');
  await press(employer.page, 'main form button[type=submit]');
  await says(employer.page, '供应汽车铝压铸件', 'who supplies it is there');
  const entry = new URL(employer.page.url()).pathname;
  await employer.page.evaluate(() => document.querySelectorAll('details').forEach((d) => { d.open = true; }));
  await employer.page.locator('textarea[name=words]').first().fill('想看样品');
  await employer.page.locator('input[name=contact]').first().fill('采购部 8 楼');
  await press(employer.page, 'button[value=ask]');
  await says(employer.page, '等对方答复', 'who was asked has not answered yet');
  for (const path of ['/markets', '/markets/supplies', '/markets/supplies/new?side=offers', entry]) await checkPage(employer.page, path);
  await employer.context.close();
  const context = await openBrowser(), page = await context.newPage();
  for (const path of ['/markets', '/markets/training']) await checkPage(page, path);
  await context.close();
}

await run(async (address) => {
  url = address;
  await work();
  await markets();
});
