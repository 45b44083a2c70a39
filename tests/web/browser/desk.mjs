// The desk in a real browser: the start-up of a firm as one bundle, from the application to the last of its
// parts; single papers accepted and refused; an offer answered by applying; the queue by township, and how
// long decisions took.  Prints TAP.
import { checkPage, deed, enter, equal, paper, report, run } from './support.mjs';

let server; // its address

const granted = async (form) => {
  await form.locator('input[value=granted]').check();
  await form.locator('textarea').fill('六件事一次办（样例）');
};

// From what is known to the case's page.
async function apply(page, path, contact) {
  await page.goto(server.url + path);
  await page.fill('#contact', contact);
  await page.press('#contact', 'Enter');
  await page.waitForLoadState();
}

async function send(page) {
  await page.locator('button[value=send]').press('Enter');
  await page.waitForLoadState();
  return new URL(page.url()).pathname;
}

// ---- the bundle -------------------------------------------------------------

// The queue of WHO's office says where each part is; each is decided and delivered there.
async function decideParts(who, matters, after) {
  let done = 0;
  for (const matter of matters) {
    await who.page.goto(`${server.url}/desk?matter=${matter}`);
    const links = await who.page.$$eval('a[href^="/desk/cases/"]', (all) => all.map((a) => a.getAttribute('href')));
    const part = links.find((link) => Number(link.split('/').pop()) > after);
    if (!part) continue;
    await who.page.goto(server.url + part);
    await deed(who.page, 'decide', granted);
    await deed(who.page, 'deliver');
    if (await who.page.locator('.answer--yes').isVisible()) done += 1;
  }
  equal(`${matters.length} parts are decided and delivered by their office`, done, matters.length);
}

async function bundle() {
  const founder = await enter('wife'), market = await enter('market'), business = await enter('business');
  await apply(founder.page, '/apply/9/open', '13900000001');
  const path = await send(founder.page), desk = `${server.url}/desk${path}`, id = Number(path.split('/').pop());
  report(/^\/cases\/\d+$/.test(path), `one application for six matters (${path})`);
  const parts = founder.page.locator('.papers li:has(.tag):has-text("县营商办")');
  equal('shows the parts of each office', await parts.count(), 5);
  await market.page.goto(desk);
  await deed(market.page, 'accept');
  await deed(market.page, 'decide', granted);
  report(await market.page.locator('.govuk-error-summary').isVisible(), 'is not decided before its parts');
  await decideParts(market, ['9/open-registration'], id);
  await decideParts(business, ['9/open-seal', '9/open-invoices', '9/open-insurance', '9/open-housing-fund', '9/open-account'], id);
  await market.page.goto(desk);
  await deed(market.page, 'decide', granted);
  await deed(market.page, 'deliver');
  await deed(market.page, 'archive');
  await founder.page.goto(server.url + path);
  report(await founder.page.locator('.answer--yes').isVisible(), 'the founder sees that all is granted');
  equal('each part too', await founder.page.locator('.papers li:has-text("县") .tag--yes').count(), 6);
  const promised = await founder.page.locator('.limits__item', { hasText: '4个工作小时' }).first().textContent();
  report(/已按时完成/.test(promised) && /用了 [0-3](\.\d+)? 个工作小时/.test(promised), 'half a working day was promised, and what it took is told', [promised]);
  const head = await enter('office');
  await head.page.goto(`${server.url}/desk/department?office=${encodeURIComponent('县市场监管局')}&matter=9/open`);
  const row = await head.page.locator('.times tbody tr', { hasText: '企业开办一次办' }).first().textContent();
  report(/4个工作小时/.test(row) && !/超期/.test(row), 'the head sees it beside the limits', [row]);
  report(await head.page.locator('.times tbody .note').count() > 0, 'and by township');
  const csv = await head.context.request.get(server.url + await head.page.locator('a[href^="/desk/department.csv"]').getAttribute('href'));
  report((await csv.text()).includes('9/open,企业开办一次办,*,'), 'and as a table to keep');
  await checkPage(head.page, '/desk/department?office=县市场监管局&matter=9/open');
  for (const who of [founder, market, business, head]) await who.context.close();
}

// ---- papers ------------------------------------------------------------------

async function papers() {
  const husband = await enter('husband'), clerk = await enter('civil');
  await apply(husband.page, '/apply/23/main', '13900000002');
  for (const file of await husband.page.locator('input[type=file]').all()) await file.setInputFiles(paper);
  const path = await send(husband.page);
  await clerk.page.goto(`${server.url}/desk${path}`);
  const check = clerk.page.locator('.paper-check').first();
  await check.evaluate((element) => { element.open = true; });
  await check.locator('input[name=reason]').fill('签名看不清（样例）');
  await check.locator('input[name=reason]').press('Enter');
  await clerk.page.waitForLoadState();
  report((await clerk.page.textContent('#refused')).includes('签名看不清'), 'a paper that is refused stands in the request to complete');
  await deed(clerk.page, 'ask_correction');
  await husband.page.goto(server.url + path);
  report((await husband.page.textContent('.papers')).includes('签名看不清'), 'the applicant reads why');
  await deed(husband.page, 'correct', async (form) => { await form.locator('input[type=file]').first().setInputFiles(paper); });
  await clerk.page.goto(`${server.url}/desk${path}`);
  equal('what comes anew was not looked at', await clerk.page.locator('.papers .tag--no').count(), 0);
  await clerk.page.locator('.paper-check').first().evaluate((element) => { element.open = true; });
  await clerk.page.locator('.paper-check button[value=accepted]').first().press('Enter');
  await clerk.page.waitForLoadState();
  report((await clerk.page.textContent('.papers')).includes('已收下'), 'and is accepted');
  await checkPage(clerk.page, `/desk${path}`);
  for (const who of [husband, clerk]) await who.context.close();
}

// ---- an offer ------------------------------------------------------------------

async function offer() {
  const head = await enter('civilhead'), resident = await enter('resident');
  await head.page.goto(`${server.url}/due/16/custody`);
  await head.page.locator('main form button').first().press('Enter');
  await head.page.waitForLoadState();
  await head.page.locator('button[value=offer]').press('Enter');
  await head.page.waitForURL(/done=\d/);
  await resident.page.goto(`${server.url}/me/offers`);
  await resident.page.locator('button[value=accept]').first().press('Enter');
  await resident.page.waitForURL(/\/apply\/16\/custody\?offer=\d+$/);
  report(await resident.page.locator('#offer').isVisible(), 'accepting an offer leads to its application');
  report(await resident.page.locator('.known dt').count() > 0, 'with what is known');
  await checkPage(resident.page, new URL(resident.page.url()).pathname + new URL(resident.page.url()).search);
  await apply(resident.page, new URL(resident.page.url()).pathname + new URL(resident.page.url()).search.replace(/[?&]lang=\w+/, ''), '13900000003');
  report(await resident.page.locator('#offer').isVisible(), 'the second step keeps which offer it answers');
  const path = await send(resident.page);
  report((await resident.page.textContent('.timeline')).includes('答复主动告知'), 'and so does the case');
  await resident.page.goto(`${server.url}/me/offers`);
  equal('the offer shows the case', await resident.page.locator(`a[href="${path}"]`).count(), 1);
  await checkPage(resident.page, '/me/offers');
  for (const who of [head, resident]) await who.context.close();
}

// ---- the queue --------------------------------------------------------------------

async function queue() {
  const worker = await enter('caseworker');
  await worker.page.goto(`${server.url}/desk`);
  const all = await worker.page.locator('a[href^="/desk/cases/"]').count();
  const codes = await worker.page.$$eval('#township option', (options) => options.map((option) => option.value).filter(Boolean));
  let sum = 0, most = 0;
  for (const code of codes) {
    await worker.page.goto(`${server.url}/desk`);
    await worker.page.selectOption('#township', code);
    await worker.page.locator('form.filter button').press('Enter');
    await worker.page.waitForURL(new RegExp(`township=${code}`));
    const here = await worker.page.locator('a[href^="/desk/cases/"]').count();
    sum += here;
    most = Math.max(most, here);
  }
  report(most > 0 && most < all && sum <= all, `${all} cases of ${codes.length} townships, at most ${most} in one`);
  await checkPage(worker.page, `/desk?township=${codes[0]}`);
  const clerk = await enter('clerk');
  await clerk.page.goto(`${server.url}/desk?matter=2/flexible`);
  const first = await clerk.page.locator('tbody tr:not(.group)').first().textContent();
  report(/优先：退役军人.*，第（二）条/.test(first), 'who is served first is, and it says why', [first]);
  await checkPage(clerk.page, '/desk?matter=2/flexible');
  for (const who of [worker, clerk]) await who.context.close();
}

await run(async (url) => {
  server = { url };
  await bundle();
  await papers();
  await offer();
  await queue();
});
