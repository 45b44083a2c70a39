// Applying and deciding in a real browser, by keyboard: from the application to the
// decision, its refusal and review; and the pages on phone and desktop, in both languages, against
// axe-core's rules.  Prints TAP.
import { checkPage, deed, enter, equal, paper, report, run } from './support.mjs';

let server; // its address

// ---- a living allowance, from the application to the decision and its review --

async function apply(page) {
  await page.goto(`${server.url}/services/23/main`);
  await page.locator('a[href="/apply/23/main"]').press('Enter');
  await page.waitForLoadState();
  report(await page.locator('.known dt').count() > 0, 'what is on record is shown, not asked');
  await page.fill('#contact', '13900000000');
  await page.press('#contact', 'Enter');
  await page.waitForLoadState();
  report(await page.locator('input[type=file]').count() > 0, 'papers that no register shows are asked for');
  await page.locator('button[value=send]').press('Enter');
  await page.waitForLoadState();
  const path = new URL(page.url()).pathname;
  report(/^\/cases\/\d+$/.test(path), `the application has a page (${path})`);
  report(await page.locator('#sent').isVisible(), 'which says that it was sent');
  return path;
}

async function journey() {
  const husband = await enter('husband'), clerk = await enter('civil'), worker = await enter('caseworker');
  const path = await apply(husband.page), desk = `${server.url}/desk${path}`;
  await clerk.page.goto(desk);
  await deed(clerk.page, 'ask_correction', async (form) => { await form.locator('input[value=consent]').check(); });
  await husband.page.goto(server.url + path);
  report((await husband.page.textContent('.papers')).includes('补正通知'), 'the applicant sees what is missing');
  await deed(husband.page, 'correct', async (form) => { await form.locator('input[name="paper.consent"]').setInputFiles(paper); });
  report(await husband.page.locator(`a[href^="${path}/files/"]`).count() === 1, 'and hands it in');

  await worker.page.goto(desk);
  await clerk.page.goto(desk);
  await deed(worker.page, 'accept');
  await deed(clerk.page, 'decline', async (form) => { await form.locator('textarea').fill('样例'); });
  report((await clerk.page.textContent('.govuk-error-summary')).includes('已经有变化'), 'who comes second is told so');
  await worker.page.goto(desk);
  await deed(worker.page, 'decide', async (form) => { await form.locator('input[value=refused]').check(); });
  report(await worker.page.locator('.govuk-error-summary').isVisible(), 'a refusal without a reason is not taken');
  await deed(worker.page, 'decide', async (form) => {
    await form.locator('input[value=refused]').check();
    await form.locator('textarea').fill('收入高于标准（样例）');
  });
  await deed(worker.page, 'deliver');
  await husband.page.goto(server.url + path);
  report((await husband.page.textContent('.answer--no')).includes('收入高于标准'), 'the applicant reads the reason');
  report(await husband.page.locator('.timeline li').count() >= 6, 'and every step, and who looked');
  const pdf = await husband.context.request.get(`${server.url}${path}/decision.pdf`);
  equal('the decision is there on paper', (await pdf.body()).subarray(0, 5).toString(), '%PDF-');
  await deed(husband.page, 'appeal', async (form) => { await form.locator('textarea').fill('收入算错了（样例）'); });

  const head = await enter('civilhead');
  await head.page.goto(desk);
  await deed(head.page, 'settle_appeal', async (form) => {
    await form.locator('input[value=granted]').check();
    await form.locator('textarea').fill('重新核算（样例）');
  });
  await husband.page.goto(server.url + path);
  report(await husband.page.locator('.answer--yes').isVisible(), 'the review granted it');

  for (const [who, pages] of [[husband, [path, '/me/cases', '/apply/9/open', '/apply/16/where']],
    [worker, ['/desk', '/desk?closed=1', '/desk?late=1', `/desk${path}`]], [head, ['/desk/department']]])
    for (const one of pages) await checkPage(who.page, one);
  for (const who of [husband, clerk, worker, head]) await who.context.close();
}

// Many at once: what the rules grant is granted, and the counts are exact.
async function many() {
  for (const name of ['education', 'market', 'business', 'caseworker']) {
    const { context, page } = await enter(name);
    await page.goto(`${server.url}/desk`);
    const boxes = page.locator('input[name=case]'), n = await boxes.count();
    for (let i = 0; i < n; i += 1) await boxes.nth(i).check();
    if (n) {
      await page.locator('form[action="/desk/decisions"] button').first().press('Enter');
      await page.waitForURL(/desk.runs/);
      const [granted, skipped, left, all] = (await page.locator('.figures strong').allTextContents()).map(Number);
      report(granted + skipped === n && left === 0 && all === n, `${n} chosen by ${name}: ${granted} granted, ${skipped} left to be looked at`);
      await checkPage(page, new URL(page.url()).pathname);
    }
    await context.close();
  }
}

await run(async (url) => {
  server = { url };
  await journey();
  await many();
});
