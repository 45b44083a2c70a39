// Every page in a real browser: both languages, phone and desktop width, by
// keyboard, without scripts, and against axe-core's rules.  Prints TAP.
import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { accessibilityFaults, equal, logIn, openBrowser, report, run, source } from './support.mjs';

// ---- every page ------------------------------------------------------------

const publicPages = ['/', '/circular', '/circular/tasks', '/circular/tasks?strength=pilot', '/clauses', '/clauses/1',
  '/clauses/15', '/clauses/22', '/clauses/0', '/clauses/7/try?decision=0&example=0', '/services', '/services?q=%E6%A1%A3%E6%A1%88&who=resident',
  '/services/23/main', '/services/9/open', '/services/2/flexible', '/services/0/apply', '/check/23/main', '/check/15/main', '/sharing', '/sharing?clause=15', '/login', '/nowhere'];
const refusals = ['/nowhere', '/residents', '/accounts']; // the second for those who are no staff
const pagesOf = [
  [null, publicPages],
  ['resident', ['/me/data', '/me/corrections', '/me/corrections/new?subject=resident-1&attribute=phone',
    '/me/corrections/new?subject=resident-1&attribute=marital_status&kind=erase', '/me/log', '/me/notices', '/me/notices/settings', '/events', '/events/event-1']],
  ['civil', ['/registers', '/registers/visit']],
  ['head', ['/corrections', '/statistics', '/statistics?clause=13', '/statistics?clause=23', '/barriers', '/barriers?clause=4', '/barriers?clause=11', '/reforms', '/reforms?clause=23', '/reforms?clause=23&dibao_ratio=0.45',
    '/reforms?clause=23&dibao_ratio=much', '/townships']],
  ['steward', ['/imports', '/duplicates', '/duplicates?decided=same']],
  ['resident', ['/account', '/mandates', '/me', '/subjects/resident-1', '/residents']],
  ['park', ['/me']],
  ['wife', ['/mandates']],
  ['admin', ['/me', '/account', '/accounts', '/accounts/clerk', '/accounts/admin', '/access', '/login/enrol']],
  ['auditor', ['/me', '/access', '/accounts', '/audit', '/audit?subject=resident-1&act=write']],
  ['clerk', ['/residents', '/households', '/organisations', '/parks', '/schools', '/places', '/subjects/park-1', '/subjects/park-1?clause=15', '/subjects/resident-1?clause=13']],
];

const widths = [360, 1280];

function overflow() {
  return document.documentElement.scrollWidth - document.documentElement.clientWidth;
}

function describePage() {
  return { language: document.documentElement.lang, headings: document.querySelectorAll('h1').length,
    styled: document.styleSheets.length === 1 && document.styleSheets[0].cssRules.length > 100 };
}

// One page in one language: both widths, everything unfolded.  axe-core, the
// slow part, sees Chinese on a phone and English on a desktop.
async function checkPage(page, url, path, language) {
  const faults = [];
  const listener = (message) => {
    const expected = /status of (403|404)/.test(message.text()) && refusals.includes(path);
    if (['error', 'warning'].includes(message.type()) && !expected) faults.push(message.text());
  };
  page.on('console', listener);
  await page.goto(url + path + (path.includes('?') ? '&' : '?') + `lang=${language}`);
  await page.evaluate(() => document.querySelectorAll('details').forEach((d) => { d.open = true; }));
  for (const width of language === 'zh' ? [...widths].reverse() : widths) {
    await page.setViewportSize({ width, height: 800 });
    const over = await page.evaluate(overflow);
    if (over > 0) faults.push(`${over} px wider than a window of ${width} px`);
  }
  const seen = await page.evaluate(describePage);
  if (seen.language !== (language === 'en' ? 'en' : 'zh-CN')) faults.push(`lang is ${seen.language}`);
  if (seen.headings !== 1) faults.push(`${seen.headings} h1 headings`);
  if (!seen.styled) faults.push('the style sheet did not load');
  faults.push(...await accessibilityFaults(page));
  page.off('console', listener);
  report(faults.length === 0, `${path} ${language}`, faults);
}

// Figures are counted in the background, once a clause is first asked for.
async function waitForFigures(page, address, shown) {
  for (let i = 0; i < 100; i += 1) {
    await page.goto(address);
    if (await page.locator(shown).count()) return;
    await page.waitForTimeout(200);
  }
}

async function checkPages(url, password) {
  for (const [account, paths] of pagesOf) {
    const browser = await openBrowser();
    const page = await browser.newPage();
    if (account) await logIn(page, url, account, password);
    for (const path of paths)
      for (const language of ['zh', 'en']) {
        if (/^\/(statistics|barriers)\?/.test(path)) await waitForFigures(page, url + path, '.share-table');
        if (path.startsWith('/reforms?') && path.includes('=0.')) await waitForFigures(page, url + path, '.reform-change');
        if (account !== 'auditor' || language === 'zh') await checkPage(page, url, path, language);
      }
    await browser.close();
  }
}

// ---- what people do --------------------------------------------------------

// Press Tab until the focus is on a link or control that says WORDS.
async function tabTo(page, words) {
  for (let i = 0; i < 60; i += 1) {
    await page.keyboard.press('Tab');
    const focus = await page.evaluate(() => {
      const element = document.activeElement, style = getComputedStyle(element);
      return { text: (element.textContent || '').trim(), id: element.id, ring: style.outlineStyle !== 'none' };
    });
    if (focus.text === words || focus.id === words) return focus;
  }
  return null;
}

// A slider moved by keyboard: the result follows, the address too; without scripts the form does it.
async function checkReforms(url, password) {
  const browser = await openBrowser();
  const page = await browser.newPage();
  await logIn(page, url, 'head', password);
  await waitForFigures(page, `${url}/reforms?clause=23&dibao_ratio=0.40&lang=zh`, '.reform-change');
  await page.locator('#dibao_ratio').evaluate((field) => field.closest('.reform-field').querySelector('[type=range]').focus());
  for (let i = 0; i < 4; i += 1) await page.keyboard.press('ArrowRight');
  await page.waitForURL('**dibao_ratio=0.42**');
  equal('the slider moves the number', await page.inputValue('#dibao_ratio'), '0.42');
  report((await page.textContent('.reform-change')).includes('0.42'), 'the result follows the slider');
  await page.fill('#dibao_ratio', '');
  await page.waitForSelector('#result:not(:has(.reform-change))');
  report(true, 'without a change there is no result');
  await browser.close();
  const plain = await openBrowser({ javaScriptEnabled: false });
  const still = await plain.newPage();
  await logIn(still, url, 'head', password);
  await still.goto(`${url}/reforms?clause=23&lang=zh`);
  await still.fill('#minimum_wage', '2600');
  await still.press('#minimum_wage', 'Enter');
  await still.waitForLoadState();
  report((await still.textContent('#result')).includes('2,600'), 'the form works without scripts');
  await plain.close();
}

async function checkKeyboard(url, password) {
  const browser = await openBrowser();
  const page = await browser.newPage();
  await page.goto(`${url}/?lang=zh`);
  await page.keyboard.press('Tab');
  equal('the first tab stop skips to the content', await page.evaluate(() => document.activeElement.getAttribute('href')), '#main');
  await page.keyboard.press('Enter');
  equal('the skip link moves the focus', await page.evaluate(() => document.activeElement.id), 'main');
  const start = await tabTo(page, '查我能享受什么');
  report(start && start.ring, 'the start button is reached and shows its focus');
  await page.keyboard.press('Enter');
  await page.waitForURL('**/login?next=%2Fme');
  report(await tabTo(page, 'name'), 'the login form is reached');
  await page.keyboard.type('resident');
  await page.keyboard.press('Tab');
  await page.keyboard.type('wrong');
  await page.keyboard.press('Enter');
  await page.waitForSelector('.govuk-error-summary');
  equal('a wrong password keeps the name', await page.inputValue('#name'), 'resident');
  report((await page.textContent('.govuk-error-summary')).includes('账号或密码不对'), 'a wrong password is said in Chinese');
  await page.fill('#password', password);
  await page.keyboard.press('Enter');
  await page.waitForURL('**/me');
  report(await page.locator('.answer').count() > 0, 'the resident gets answers');
  report(await page.locator('.because').count() > 0, 'an answer names the source of a fact');
  await tabTo(page, '退出');
  await page.keyboard.press('Enter');
  await page.waitForURL(`${url}/`);
  await page.goto(`${url}/me`);
  report(page.url().includes('/login'), 'after logging out the page asks to log in');
  await browser.close();
}

// What the sample accounts are there to show: why not, what is missing, how much.
async function checkAnswers(url, password) {
  const shown = {
    resident2: [['.answer--no .reason .reason .unmet', '农村工作天数'], ['.answer--no .reason .reason .unmet', '不低于 9,131（所需天数）'],
      ['.answer--no .reason .reason .because', '县人社局'], ['.facts dd', '陈样乙丑户']],
    resident3: [['.missing', '从业经历·开始日期'], ['.missing', '由县人社局登记'], ['.answer .reason .undecided', '农村工作天数']],
    park: [['.answer--yes .answer__head .number', '250,000 元（一次性）'], ['.because', '有出处']],
  };
  for (const account of Object.keys(shown)) {
    const browser = await openBrowser({ viewport: { width: 390, height: 800 } });
    const page = await browser.newPage();
    await logIn(page, url, account, password);
    await page.goto(`${url}/me?lang=zh`);
    const height = await page.evaluate(() => document.documentElement.scrollHeight);
    report(height < 4500, `the page of ${account} is not endless on a phone`, [`${height} px`]);
    if (await page.locator('#others > summary').count())
      await page.click('#others > summary');
    await page.evaluate(() => document.querySelectorAll('details.answer').forEach((d) => { d.open = true; }));
    for (const [place, words] of shown[account])
      report(await page.locator(place, { hasText: words }).first().isVisible(), `${account} sees ${words} in ${place}`);
    await browser.close();
  }
}

// An example of a clause, and what becomes of its answer when a fact is another.
async function checkTrying(url) {
  const browser = await openBrowser();
  const page = await browser.newPage();
  await page.goto(`${url}/clauses/7?lang=zh`);
  await page.evaluate(() => document.querySelectorAll('details').forEach((d) => { d.open = true; }));
  await page.getByRole('link', { name: '离岗一年', exact: true }).click();
  report((await page.textContent('main')).includes('和例子写的一样'), 'an example gives what it expects');
  equal('yes', (await page.locator('.govuk-summary-list strong').first().textContent()).trim(), '是');
  await page.getByLabel('居民.科研人员').fill('false');
  await page.click('form.try button');
  equal('with another fact the answer is another', (await page.locator('.govuk-summary-list strong').first().textContent()).trim(), '否');
  report((await page.textContent('main')).includes('不是科研人员'), 'and the reason is named');
  await page.getByLabel('居民.科研人员').fill('未知');
  await page.click('form.try button');
  report((await page.textContent('.govuk-summary-list strong')).includes('居民.科研人员'), 'what is unknown is asked for');
  await page.getByLabel('居民.科研人员').fill('1 +');
  await page.click('form.try button');
  equal('what cannot be read is said, not run', await page.locator('.govuk-summary-list strong').count(), 1);
  await page.goto(`${url}/clauses/7/try?decision=999&example=0`);
  equal('no such example', await page.locator('form.try').count(), 0);
  await browser.close();
}

// How many of the county a clause concerns is counted behind the page.
async function checkCounts(url) {
  const browser = await openBrowser();
  const page = await browser.newPage();
  for (let i = 0; i < 100 && !await page.locator('#counts + .scroll').count(); i++) {
    await page.goto(`${url}/clauses/15?lang=zh`);
    await page.waitForTimeout(100);
  }
  const row = page.locator('#counts + .scroll tbody tr').first();
  report(/园区 \d+/.test(await row.locator('td').first().textContent()), 'the clause counts its parks');
  report(/元/.test(await row.locator('td').last().textContent()), 'and what they come to');
  await page.goto(`${url}/clauses/1?lang=zh`);
  report(await page.locator('.showcases li').count() > 2, 'the demonstration names whom to open');
  await browser.close();
}

async function checkLanguage(url) {
  const browser = await openBrowser();
  const page = await browser.newPage();
  await page.goto(`${url}/circular/tasks?strength=pilot&unit=${encodeURIComponent('县民政局')}`);
  const rows = await page.locator('.task').count();
  await page.click('text=English');
  await page.waitForLoadState();
  equal('the switch keeps the page', new URL(page.url()).pathname, '/circular/tasks');
  equal('the switch keeps the filter', await page.locator('.task').count(), rows);
  report(rows > 0 && rows < 20, 'the filter narrows the table', [`${rows} rows`]);
  await page.goto(`${url}/clauses`);
  equal('the language is remembered', await page.textContent('h1'), 'The 24 clauses');
  equal('all clauses and the closing paragraph are listed', await page.locator('.clauses__item').count(), 25);
  equal('and run', await page.locator('.clauses__item.runs').count(), 25);
  await page.goto(`${url}/services`);
  const all = await page.locator('.clauses__item').count();
  await page.focus('#q');
  await page.keyboard.type('START UP');
  await page.keyboard.press('Enter');
  await page.waitForURL(/q=START/);
  const found = await page.locator('.clauses__item').count();
  report(found > 0 && found < all, 'a service is found by its name', [`${found} of ${all}`]);
  await page.click('text=Start up a firm in one go');
  equal('its guide lists the matters of the bundle', await page.locator('.govuk-list--number a').count(), 6);
  await page.goto(`${url}/clauses`);
  await page.click('text=中文');
  equal('and back', await page.textContent('h1'), '24条条款');
  await browser.close();
}

// Could I get this?  By keyboard, without logging in, and nothing stays.
async function checkQuestions(url) {
  const browser = await openBrowser({ javaScriptEnabled: false });
  const page = await browser.newPage();
  await page.goto(`${url}/check/23/main?lang=en`);
  await page.click('button[value=answer]');
  equal('without an answer the question comes again', await page.locator('.govuk-error-summary').count(), 1);
  await page.focus('#answer-no');
  await page.keyboard.press('Space');
  await page.keyboard.press('Enter');
  await page.waitForSelector('.govuk-summary-list__row');
  equal('one answer that settles it is enough', await page.locator('.answer--no').count(), 1);
  equal('and is told again', await page.locator('.govuk-summary-list__row').count(), 1);
  await page.click('button[value=back]');
  equal('back takes it away', await page.locator('.answer').count(), 0);
  report(!page.url().includes('='), 'answers stand in no address', [page.url()]);
  equal('and in no cookie', (await page.context().cookies()).filter((c) => c.name !== 'lang').length, 0);
  await browser.close();
}

async function checkWithoutScripts(url, password) {
  const browser = await openBrowser({ javaScriptEnabled: false });
  const page = await browser.newPage();
  await logIn(page, url, 'park', password);
  report(page.url().endsWith('/me'), 'logging in works without scripts');
  report(await page.locator('.answer').count() > 0, 'the park gets answers without scripts');
  await page.goto(`${url}/circular/tasks`);
  await page.selectOption('#strength', 'pilot');
  await page.click('form button:has-text("筛选")');
  report(page.url().includes('strength=pilot'), 'filtering works without scripts');
  await browser.close();
}

// A clerk in a hurry: nothing found says what to do, the wrong desk says which is right.
async function checkStaff(url, password) {
  const browser = await openBrowser();
  const page = await browser.newPage();
  await logIn(page, url, 'civil', password);
  await page.goto(`${url}/subjects/park-1`);
  equal('no clause of this department is about a park', await page.locator('.answer').count(), 0);
  report((await page.textContent('#others + ul')).includes('县人社局'), 'the department that answers is named');
  await page.goto(`${url}/subjects/household-1`);
  equal('nothing is read before the clause is chosen', await page.locator('.facts__group').count(), 0);
  await page.click('.card a');
  report(await page.locator('.facts__group').count() > 0, 'under the clause the household is shown');
  await page.goto(`${url}/subjects/household-1?clause=23&as_of=2021-01-01`);
  report((await page.textContent('.answer--not_in_force')).includes('2021-01-01 这一天本条不在施行期间'), 'before the circular nothing is worked out, and it is said');
  await page.emulateMedia({ media: 'print' });
  report(await page.locator('.only-print').isVisible(), 'a printed page names its date');
  report(!await page.locator('.masthead').isVisible() && !await page.locator('.filter').isVisible(), 'and has no controls');
  await browser.close();
}

// A wrong fact from the person who finds it to the department and back.
// What is known is told with its source, and what is wrong in it is corrected there.
async function checkKnownFacts(url, password) {
  const browser = await openBrowser({ viewport: { width: 390, height: 800 } });
  const page = await browser.newPage();
  await logIn(page, url, 'resident', password);
  await page.goto(`${url}/apply/2/flexible?lang=zh`);
  report((await page.textContent('.known > div:first-child .because')).includes('·'), 'a known fact tells source and date');
  const link = page.getByRole('link', { name: '不对？ 出生日期' });
  await link.focus();
  await page.keyboard.press('Enter');
  await page.waitForURL('**/me/corrections/new?**attribute=birth_date');
  equal('and leads to its correction', await page.locator('#reason').count(), 1);
  await browser.close();
}

async function checkCorrection(url, password) {
  const browser = await openBrowser({ viewport: { width: 390, height: 800 } });
  const page = await browser.newPage();
  await logIn(page, url, 'resident', password);
  await page.goto(`${url}/me/data?lang=zh`);
  await page.getByRole('link', { name: '不对？ 联系电话' }).click();
  await page.getByRole('button', { name: '提交申请' }).click();
  equal('without a reason the browser does not send', new URL(page.url()).pathname, '/me/corrections/new');
  await page.fill('#reason', '<b>换了号码</b>');
  await page.getByRole('button', { name: '提交申请' }).click();
  report((await page.textContent('.govuk-error-summary')).includes('请填正确的内容'), 'a missing value is said');
  equal('and what was typed stays', await page.inputValue('#reason'), '<b>换了号码</b>');
  report((await accessibilityFaults(page)).length === 0, 'the form with its fault is accessible');
  await page.fill('#wanted', '10000008888');
  await page.getByRole('button', { name: '提交申请' }).click();
  await page.waitForURL('**/me/corrections?filed=1');
  report((await page.textContent('.requests__item')).includes('<b>换了号码</b>'), 'what was typed is shown as text');
  report((await accessibilityFaults(page)).length === 0, 'the list with a request is accessible');
  await browser.close();
  await decideCorrection(url, password);
}

async function decideCorrection(url, password) {
  const browser = await openBrowser();
  const page = await browser.newPage();
  await logIn(page, url, 'caseworker', password);
  equal('another department does not get it', (await page.goto(`${url}/corrections/1`)).status(), 403);
  await page.click('.masthead button');
  await logIn(page, url, 'head', password);
  await page.goto(`${url}/corrections?lang=zh`);
  await page.getByRole('link', { name: '第1号' }).click();
  report((await page.textContent('main')).includes('10000008888'), 'the department sees what is asked');
  report((await accessibilityFaults(page)).length === 0, 'the request is accessible');
  await page.getByRole('button', { name: '不同意' }).click();
  report((await page.textContent('.govuk-error-summary')).includes('请写明理由'), 'a refusal needs a reason');
  await page.getByRole('button', { name: '同意', exact: true }).click();
  report((await page.textContent('h1')).includes('已同意'), 'the decision is shown');
  await page.click('.masthead button');
  await logIn(page, url, 'resident', password);
  await page.goto(`${url}/me/data?lang=zh`);
  report((await page.textContent('main')).includes('10000008888'), 'the new value is on record');
  await page.goto(`${url}/me/log?lang=zh`);
  const log = await page.textContent('main');
  report(log.includes('县人社局 部门负责人 · head') && log.includes('想读取，被拒绝'), 'who read it, and who tried, is in the log');
  report((await accessibilityFaults(page)).length === 0, 'the log with entries is accessible');
  for (const format of ['pdf', 'json']) {
    const [download] = await Promise.all([page.waitForEvent('download'),
      page.goto(`${url}/me/data.${format}`).catch(() => null)]);
    const bytes = readFileSync(await download.path());
    report(format === 'pdf' ? bytes.subarray(0, 5).toString() === '%PDF-' : bytes.includes('10000008888'),
      `the copy comes as ${format}`);
  }
  await browser.close();
}

async function search(page, text, place = '') {
  await page.fill('#text', text);
  await page.fill('#place', place);
  await page.press('#text', 'Enter');
  await page.waitForLoadState();
}

// Staff find people by keyboard: masked, and without a trace in the address.
async function checkSearch(url, password) {
  const browser = await openBrowser({ javaScriptEnabled: true });
  const page = await browser.newPage();
  const faults = [];
  await logIn(page, url, 'civil', password);
  for (const [language, width] of [['zh', 360], ['en', 1280]]) {
    await page.setViewportSize({ width, height: 800 });
    await page.goto(`${url}/residents?lang=${language}`);
    equal(`${language}: nobody is listed before anything is asked`, await page.locator('tbody tr').count(), 0);
    await search(page, 'lin');
    equal(`${language}: a page of those named Lin`, await page.locator('tbody tr').count(), 20);
    equal(`${language}: names are masked`, await page.locator('tbody tr td:first-child').filter({ hasNotText: /^林＊+$/ }).count(), 0);
    report((await page.locator('tbody tr').allTextContents()).every((row) => !/\d{8}/.test(row)), `${language}: so are numbers`);
    equal(`${language}: the address says nothing`, new URL(page.url()).pathname + new URL(page.url()).search.replace(`?lang=${language}`, ''), '/residents');
    faults.push(...await accessibilityFaults(page));
    const over = await page.evaluate(overflow);
    if (over > 0) faults.push(`${over} px wider than a window of ${width} px`);
    const first = await page.locator('tbody a').allTextContents();
    await page.click('.govuk-button--secondary');
    const second = await page.locator('tbody a').allTextContents();
    report(second.length > 0 && !second.some((id) => first.includes(id)), `${language}: the next page has others`);
    equal(`${language}: and keeps what was asked`, await page.inputValue('#text'), 'lin');
    await search(page, 'lin', '上街镇');
    report(await page.locator('tbody tr').count() > 0, `${language}: also in one township`);
    equal(`${language}: and no other`, await page.locator('tbody tr').filter({ hasNotText: '上街镇' }).count(), 0);
    await search(page, 'lin', '天上');
    report((await page.textContent('[role=alert]')).includes('天上'), `${language}: an unknown place is said`);
    faults.push(...await accessibilityFaults(page));
    await search(page, "<b>查无此人</b>' OR 1=1");
    equal(`${language}: what is typed is text`, await page.inputValue('#text'), "<b>查无此人</b>' OR 1=1");
    equal(`${language}: nobody is called so`, await page.locator('tbody tr').count(), 0);
    await search(page, '12');
    report(/至少|at least/.test(await page.textContent('[role=status]')), `${language}: too few digits are said`);
  }
  report(faults.length === 0, 'found and not found, the page passes axe-core', faults);
  await page.goto(`${url}/parks?lang=zh`);
  report(await page.locator('tbody tr').count() > 0, 'what is public is listed without asking');
  await page.click('tbody a');
  report(new URL(page.url()).pathname.startsWith('/subjects/park-'), 'and opened');
  await browser.close();
}

// An account from its making to its second factor, as its owner lives it; the code is made from the secret as text.
async function checkEnrolment(url, password) {
  const browser = await openBrowser({ viewport: { width: 390, height: 800 } });
  const page = await browser.newPage();
  await logIn(page, url, 'admin', password);
  await page.goto(`${url}/accounts?lang=zh`);
  await page.fill('#name', 'fresh');
  await page.fill('#zh', '新来的数据管理员（样例）');
  await page.selectOption('#role', 'steward');
  await page.fill('#password', 'short');
  await page.click('form[action="/accounts"] button');
  report((await page.textContent('.govuk-error-summary')).includes('at least 10 characters'), 'a short password is refused and said');
  equal('and the form keeps what was typed', await page.inputValue('#name'), 'fresh');
  await page.fill('#password', 'long enough for a test');
  await page.click('form[action="/accounts"] button');
  report((await page.textContent('tbody')).includes('fresh'), 'the new account is listed');
  await page.context().clearCookies();
  await page.goto(`${url}/login?lang=zh`);
  await page.fill('#name', 'fresh');
  await page.fill('#password', 'long enough for a test');
  await page.press('#password', 'Enter');
  await page.waitForURL('**/login/enrol?*');
  await page.goto(`${url}/residents`);
  report(page.url().includes('/login/enrol'), 'nothing else opens before the second factor is set up');
  report(await page.locator('.qr svg').isVisible(), 'the secret is there as a QR code');
  const faults = await accessibilityFaults(page);
  report(faults.length === 0, 'the enrolment page is accessible', faults);
  await page.fill('#code', '000000');
  await page.press('#code', 'Enter');
  await page.waitForSelector('.govuk-error-summary');
  await page.fill('#code', codeOf(await page.textContent('#secret')));
  await page.press('#code', 'Enter');
  await page.waitForSelector('.recovery');
  equal('ten recovery codes are shown', await page.locator('.recovery li').count(), 10);
  const spare = await page.locator('.recovery li').first().textContent();
  await page.click('main .govuk-button');
  equal('then the work begins', new URL(page.url()).pathname, '/me');
  await page.goto(`${url}/account`);
  equal('the session is listed', await page.locator('tbody tr').count(), 1);
  await page.context().clearCookies();
  await page.goto(`${url}/login`);
  await page.fill('#name', 'fresh');
  await page.fill('#password', 'long enough for a test');
  await page.press('#password', 'Enter');
  await page.waitForURL('**/login/code?*');
  equal('nobody is told the code of an account that is no demo', await page.locator('#demo-code').count(), 0);
  await page.fill('#code', spare);
  await page.press('#code', 'Enter');
  await page.waitForLoadState();
  equal('a recovery code gets in', new URL(page.url()).pathname, '/me');
  await browser.close();
}

// RFC 6238 once more, in another language than the program's.
function codeOf(secret) {
  const bits = [...secret.trim()].map((c) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(c).toString(2).padStart(5, '0')).join('');
  const key = Buffer.from(bits.match(/.{8}/g).map((byte) => parseInt(byte, 2)));
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30000)));
  const mac = createHmac('sha1', key).update(counter).digest(), at = mac[19] & 15;
  return String((mac.readUInt32BE(at) & 0x7fffffff) % 1000000).padStart(6, '0');
}

// Husband and wife: her income shows in his explanation by her mandate, and no longer than that.
async function checkMandates(url, password) {
  const browser = await openBrowser(), page = await browser.newPage();
  const seen = async () => {
    await logIn(page, url, 'husband', password);
    await page.goto(`${url}/me?lang=zh`);
    await page.evaluate(() => document.querySelectorAll('details').forEach((d) => { d.open = true; }));
    const text = await page.textContent('main');
    await page.context().clearCookies();
    return text.includes('5,600');
  };
  equal('without a mandate the other income stays hidden', await seen(), false);
  await logIn(page, url, 'wife', password);
  await page.goto(`${url}/mandates?lang=zh`);
  await page.selectOption('#purpose', 'clause-23');
  await page.click('form[action="/mandates"] button');
  report((await page.textContent('#given + .scroll')).includes('有效'), 'the mandate is listed as in force');
  await page.context().clearCookies();
  equal('by the mandate it is shown', await seen(), true);
  await logIn(page, url, 'wife', password);
  await page.goto(`${url}/mandates?lang=zh`);
  await page.click('form[action$="/withdraw"] button');
  report((await page.textContent('#given + .scroll')).includes('已收回'), 'it is withdrawn with one press');
  await page.context().clearCookies();
  equal('and hidden again', await seen(), false);
  await browser.close();
}

// Too many wrong passwords: one is told how long to wait, and the owner's own browser is not held up.
async function checkLockOut(url, password) {
  const owner = await openBrowser(), owned = await owner.newPage();
  await logIn(owned, url, 'analyst', password);
  equal('an analyst begins at what the role may do', new URL(owned.url()).pathname, '/me');
  report((await owned.textContent('main')).includes('/me') === false && await owned.locator('.card').count() > 2, 'with links, and no way in a circle');
  const browser = await openBrowser(), page = await browser.newPage();
  for (let i = 0; i < 6; i += 1) await logIn(page, url, 'analyst', 'wrong');
  report((await page.textContent('.govuk-error-summary')).includes('1分钟后再试'), 'after five failures one is told to wait a minute');
  await owned.click('.masthead__tools button');
  await logIn(owned, url, 'analyst', password);
  equal('the browser that logged in before still does', new URL(owned.url()).pathname, '/me');
  await browser.close();
  await owner.close();
}

// A resident enrols and is told; staff enter a visit, by a form made from the schema.
async function checkRegisters(url, password) {
  const browser = await openBrowser({ viewport: { width: 390, height: 800 } });
  const page = await browser.newPage();
  await logIn(page, url, 'resident', password);
  await page.goto(`${url}/events?lang=zh`);
  await page.locator('main table a').first().click();
  const address = page.url();
  await page.getByRole('button', { name: '报名', exact: true }).press('Enter');
  await page.waitForLoadState();
  report((await page.textContent('main')).includes('已报名'), 'a resident enrols by one button');
  equal('the navigation counts what is unread', await page.locator('.count').evaluate((e) => e.firstChild.textContent), '1');
  await page.goto(`${url}/me/notices`);
  report((await page.textContent('main')).includes('报名成功'), 'and is told in the inbox');
  await page.getByRole('button', { name: '标为已读' }).first().press('Enter');
  await page.waitForLoadState();
  equal('what is read is counted no more', await page.locator('.count').count(), 0);
  await page.goto(address);
  await page.getByRole('button', { name: '退出' }).last().press('Enter');
  await page.waitForLoadState();
  report(await page.getByRole('button', { name: '报名', exact: true }).isVisible(), 'who withdraws may enrol again');
  await page.goto(`${url}/me/notices/settings`);
  await page.fill('#email', 'somebody@example');
  await page.getByRole('button', { name: '保存' }).press('Enter');
  await page.waitForLoadState();
  report((await page.textContent('.govuk-error-summary')).includes('写法不对'), 'an address that is none is refused');
  await page.fill('#email', 'somebody@example.org');
  await page.getByRole('button', { name: '保存' }).press('Enter');
  await page.waitForLoadState();
  equal('a right one is kept', await page.inputValue('#email'), 'somebody@example.org');
  await browser.close();
  const office = await openBrowser(), desk = await office.newPage();
  await logIn(desk, url, 'civil', password);
  await desk.goto(`${url}/registers/visit?lang=zh`);
  await desk.getByText('登记一条').click();
  await desk.fill('#resident', 'resident-2');
  await desk.fill('#visited_on', '2099-01-01');
  await desk.getByRole('button', { name: '登记', exact: true }).click();
  report((await desk.textContent('.govuk-error-summary')).includes('不能在将来'), 'a visit that has not happened is refused');
  equal('and what was written stands there still', await desk.inputValue('#resident'), 'resident-2');
  await desk.fill('#visited_on', '2026-01-05');
  await desk.getByRole('button', { name: '登记', exact: true }).click();
  await desk.waitForLoadState();
  report((await desk.textContent('main')).includes('已登记。'), 'one that has is entered');
  await desk.locator('main table a').first().click();
  report((await desk.textContent('main')).includes('2026-01-05'), 'and its record opens');
  await office.close();
}

async function checkDownloads(url) {
  const plain = await fetch(`${url}/clauses/15`, { headers: { 'accept-encoding': 'identity' } });
  const packed = await fetch(`${url}/clauses/15`, { headers: { 'accept-encoding': 'gzip' } });
  equal('a clause is sent compressed to who takes it', `${packed.headers.get('content-encoding')} ${plain.headers.get('content-encoding')}`, 'gzip null');
  equal('and is the same', await packed.text(), await plain.text());
  const typed = await fetch(`${url}/clauses/7/try?decision=0&example=0`, { headers: { 'accept-encoding': 'gzip' } });
  equal('but not where something typed stands on the page', typed.headers.get('content-encoding'), null);
  const csv = await (await fetch(`${url}/circular/tasks.csv`)).text();
  report(csv.split('\r\n').length > 80, 'the CSV has every task', [`${csv.split('\r\n').length} lines`]);
  const xlsx = Buffer.from(await (await fetch(`${url}/circular/tasks.xlsx`)).arrayBuffer());
  equal('the XLSX is a ZIP archive', xlsx.subarray(0, 2).toString(), 'PK');
  const style = (await (await fetch(url)).text()).match(/href="(\/assets\/style-[0-9a-f]{16}\.css)"/)[1];
  const first = await fetch(url + style);
  equal('the style sheet may be kept for ever', first.headers.get('cache-control'), 'public, max-age=31536000, immutable');
  const again = await fetch(url + style, { headers: { 'if-none-match': first.headers.get('etag') } });
  equal('an unchanged style sheet is not sent again', again.status, 304);
}

// ---- all of it -------------------------------------------------------------

await run(async (url, password) => {
  await checkPages(url, password);
  await checkKeyboard(url, password);
  await checkAnswers(url, password);
  await checkTrying(url);
  await checkCounts(url);
  await checkReforms(url, password);
  await checkLanguage(url);
  await checkQuestions(url);
  await checkWithoutScripts(url, password);
  await checkStaff(url, password);
  await checkKnownFacts(url, password);
  await checkCorrection(url, password);
  await checkSearch(url, password);
  await checkEnrolment(url, password);
  await checkMandates(url, password);
  await checkLockOut(url, password);
  await checkRegisters(url, password);
  await checkDownloads(url);
});
