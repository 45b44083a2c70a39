// Paying in a real browser, by keyboard: a list is made, approved by somebody else, exported and answered;
// what came back leads the payee to their account; a payment is reversed; what runs each month is changed and
// ended.  Prints TAP.
import { checkPage, deed, enter, equal, report, run } from './support.mjs';

let url;
const text = (page) => page.textContent('main');

async function press(page, selector) {
  await page.locator(selector).first().press('Enter');
  await page.waitForLoadState();
}

async function open(page, path) {
  await page.goto(url + path);
}

// ---- from the application to the decision --------------------------------------

async function grant(applicant, worker, matter, yuan) {
  await open(applicant.page, `/apply/${matter}`);
  await press(applicant.page, 'button[value=check], form button.govuk-button');
  await press(applicant.page, 'button[value=send]');
  const path = new URL(applicant.page.url()).pathname;
  await open(worker.page, `/desk${path}`);
  await deed(worker.page, 'accept');
  await deed(worker.page, 'decide', async (form) => {
    await form.locator('input[value=granted]').check();
    await form.locator('input[name=amount]').fill(yuan);
    await form.locator('textarea').fill('按实际困难确定（样例）');
  });
  await open(applicant.page, path);
  report(await applicant.page.locator('.answer--yes').isVisible(), `${matter} is granted`);
}

// ---- lists -----------------------------------------------------------------------

async function makeList(page, matter) {
  await open(page, '/payments');
  await page.selectOption('form:has(input[name=month]) select[name=matter]', matter);
  await press(page, 'form:has(input[name=month]) button');
  return new URL(page.url()).pathname;
}

async function setAccount(page, number) {
  await open(page, '/me/payments');
  await page.fill('#holder', '样例户名');
  await page.fill('#number', number);
  await page.press('#number', 'Enter');
  await page.waitForLoadState();
}

async function approveAndSend(worker, head, list) {
  await open(head.page, list);
  await press(head.page, 'button[value=approve]');
  await open(worker.page, list);
  await press(worker.page, 'button[value=export]');
  const answer = await worker.context.request.get(`${url}${list}/list.csv`);
  return (await answer.body()).toString();
}

// RESULT for the list's only order.
async function answer(page, list, result) {
  await open(page, list);
  const order = (await page.textContent('tbody th')).trim();
  await page.fill('#answers', `${order},${result}`);
  await press(page, 'button[value=answer]');
}

async function reconciled(page, what, expected) {
  const answered = await page.request.get(`${url}/api/v1/payments`);
  const report_ = (await answered.json()).reports.find((one) => one.matter === '23/temporary');
  const actual = Object.fromEntries(Object.keys(expected).map((key) => [key, report_[key]]));
  equal(`${what}: it reconciles`, report_.balances, true);
  equal(what, JSON.stringify(actual), JSON.stringify(expected));
}

// ---- once: returned, paid, reversed -----------------------------------------------

async function once(husband, worker, head) {
  await grant(husband, worker, '23/temporary', '800');
  await setAccount(husband.page, '12 34');
  report(await husband.page.locator('.govuk-error-summary').isVisible(), 'four digits are no account');
  await setAccount(husband.page, '6200 0000 1111');
  const shown = await text(husband.page);
  report(shown.includes('****1111') && !shown.includes('620000001111'), 'the account is shown by its last four digits');

  const list = await makeList(worker.page, '23/temporary');
  report(/^\/payments\/\d+$/.test(list), `a list was made (${list})`);
  equal('who made it cannot approve it', await worker.page.locator('button[value=approve]').count(), 0);
  const lines = await worker.page.locator('tbody tr').count();
  equal('it has one payment', lines, 1);
  const file = await approveAndSend(worker, head, list);
  report(file.includes('620000001111') && file.includes('800.00'), 'the file has the account and the sum', [file]);
  await answer(worker.page, list, 'returned,账号有误（样例）');
  report((await text(worker.page)).includes('账号有误'), 'the answer is taken in');
  await reconciled(worker.page, 'after it came back', { granted_fen: 80000, not_listed_fen: 80000, returned_fen: 80000, paid_fen: 0 });

  await open(husband.page, '/me/notices');
  await press(husband.page, 'main a[href="/me/payments"]');
  report((await text(husband.page)).includes('账号有误'), 'the notice leads to the payments, where the reason is');
  await checkPage(husband.page, '/me/payments');
  await setAccount(husband.page, '6200 0000 2222');

  const second = await makeList(worker.page, '23/temporary');
  const again = await approveAndSend(worker, head, second);
  report(again.includes('620000002222') && !again.includes('620000001111'), 'the next list goes to the new account', [again]);
  await answer(worker.page, second, 'paid');
  await reconciled(worker.page, 'after it was paid', { granted_fen: 80000, not_listed_fen: 0, returned_fen: 80000, paid_fen: 80000 });

  await open(head.page, second);
  await head.page.fill('tbody input[name=reason]', '多发（样例）');
  await press(head.page, 'button[value=recovered]');
  await reconciled(worker.page, 'after it was reversed', { reversed_fen: 80000, recovered_fen: 80000, to_net_fen: 0 });
  await open(husband.page, '/me/payments');
  report((await text(husband.page)).includes('多发（样例）'), 'the payee sees that it was reversed, and why');
  for (const path of [list, second, '/payments']) await checkPage(head.page, path);
}

// ---- each month: changed, ended -----------------------------------------------------

async function monthly(husband, worker, head) {
  await grant(husband, worker, '23/main', '500');
  await makeList(worker.page, '23/main'); // takes what was granted; nothing is owed before next month
  await open(head.page, '/entitlements?matter=23/main');
  const number = await husband.page.evaluate(() => document.querySelector('main').textContent.match(/[\u4e00-\u9fff]+〔\d+〕\d+号|[A-Z0-9]+(?:-[A-Z0-9]+)+/)?.[0]);
  await press(head.page, `main tbody a:has-text("${number}")`);
  const path = new URL(head.page.url()).pathname;
  report((await text(head.page)).includes('500.00'), `what was granted runs (${path})`);
  const turn = async (kind, amount, reason) => {
    await head.page.fill('#decision', `变更-${kind}（样例）`);
    await head.page.fill('#reason', reason);
    await head.page.fill('#amount', amount);
    await press(head.page, `button[value=${kind}]`);
  };
  await turn('change', 'x', '收入变化（样例）');
  report(await head.page.locator('.govuk-error-summary').isVisible(), 'an amount is a number');
  await turn('change', '620.50', '收入变化（样例）');
  report((await head.page.textContent('#stands')).includes('620.50'), 'the amount is changed');
  await turn('end', '', '搬离本县（样例）');
  const all = await text(head.page);
  report(all.includes('收入变化') && all.includes('搬离本县'), 'the history says what, why and by which decision');
  equal('what has ended is not turned', await head.page.locator('button[value=change]').count(), 0);
  await open(worker.page, path);
  equal('changing is for who approves', await worker.page.locator('button[value=end]').count(), 0);
  await open(husband.page, '/me/notices');
  report((await text(husband.page)).includes('搬离本县'), 'the payee is told, with the reason');
  for (const one of ['/entitlements?matter=23/main', path]) await checkPage(head.page, one);
}

await run(async (address) => {
  url = address;
  const husband = await enter('husband'), worker = await enter('caseworker'), head = await enter('civilhead');
  await once(husband, worker, head);
  await monthly(husband, worker, head);
  for (const who of [husband, worker, head]) await who.context.close();
});
