// Draws a lottery again in the reader's browser, with nothing of ours but the transcript: SHA-256 and
// HMAC are the browser's own (WebCrypto), and this file shares no line with the program that drew.
//
// Use: a page has
//   <form data-verify-lottery><input type="file"> <input name="announcement"></form>
//   <ul data-verify-results data-holds="成立" data-fails="不成立"></ul>
// or names the transcript's address in data-transcript on the form, and a button for it.  For each check
// a line <li> with the class `holds` or `fails` is put into the list, its words from the list's
// attributes data-whole, data-problem, data-list, data-announcement, data-published, data-seed, data-tickets,
// data-order, data-readable (the check's own name where an attribute is not there), and behind them what is wrong.
// verifyLottery (bytes, published) is the same for programs: [{ check, holds, detail }, …], up to the first that
// does not hold.  The bytes are described in docs/allocation.md.  It does not look at who got which place:
// `liudong allocate --verify` does.  Browsers give WebCrypto to pages over https and on the reader's own machine only;
// elsewhere the check `readable` says so.

const AT_ONCE = 1000; // tickets that the browser computes side by side

const encoder = new TextEncoder(), decoder = new TextDecoder('utf-8', { fatal: true });

const hex = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');

function fromHex(text) {
  if (typeof text !== 'string' || !/^[0-9a-f]{64}$/.test(text)) throw new Error('64 hexadecimal digits are missing');
  return Uint8Array.from(text.match(/../g), (two) => parseInt(two, 16));
}

const sha256 = async (bytes) => new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));

function join(pieces) {
  const all = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    all.set(piece, at);
    at += piece.length;
  }
  return all;
}

// Each part with its length before it, 8 bytes, the highest first.
function parts(...values) {
  return join(values.flatMap((value) => {
    const bytes = typeof value === 'string' ? encoder.encode(value) : value, length = new Uint8Array(8);
    new DataView(length.buffer).setBigUint64(0, BigInt(bytes.length));
    return [length, bytes];
  }));
}

function compare(a, b) {
  for (let i = 0; i < Math.min(a.length, b.length); i++) if (a[i] !== b[i]) return a[i] - b[i];
  return a.length - b.length;
}

// The file's lines, each with the place of its first byte.
function readLines(bytes) {
  const lines = [];
  for (let at = 0; at < bytes.length;) {
    const end = bytes.indexOf(10, at);
    if (end < 0) throw new Error(`row ${lines.length + 1}: the line does not end`);
    let value;
    try {
      value = JSON.parse(decoder.decode(bytes.subarray(at, end)));
    } catch {
      throw new Error(`row ${lines.length + 1}: this is no JSON`);
    }
    lines.push({ at, row: lines.length + 1, value });
    at = end + 1;
  }
  return lines;
}

function readTranscript(bytes) {
  const lines = readLines(bytes), has = (key) => lines.filter((line) => Object.hasOwn(line.value, key));
  const [rules] = lines, [closing] = has('closing'), [drawing] = has('drawing'), end = lines.at(-1);
  if (rules?.value.transcript !== 'liudong allocation 1') throw new Error('this is no transcript of a draw');
  if (!closing || !end || !Object.hasOwn(end.value, 'end')) throw new Error('the transcript is not complete');
  return { bytes, rules: rules.value, applicants: has('applicant'), closing, drawing, placed: has('placed'), end };
}

async function announce(pool, closing) {
  return sha256(parts('liudong lottery 1', pool, fromHex(closing.list), fromHex(closing.problem),
    fromHex(closing.commitment), closing.source, closing.date, closing.fallback ?? '', closing.from ?? ''));
}

const differs = (found, computed) => found === computed ? '' : `${found} ≠ ${computed}`;

async function checkSeed(t) {
  const closing = t.closing.value.closing, drawing = t.drawing.value.drawing, secret = fromHex(drawing.secret);
  const commitment = hex(await sha256(secret));
  if (commitment !== closing.commitment) return `row ${t.drawing.row}: ${differs(closing.commitment, commitment)}`;
  const announced = drawing.source === closing.source && drawing.date === closing.date;
  if (!announced && !(drawing.source === closing.fallback && drawing.date >= closing.from))
    return `row ${t.drawing.row}: ${drawing.source} ${drawing.date}`;
  const seed = await sha256(parts(fromHex(closing.announcement), secret, drawing.source, drawing.date, drawing.value));
  return differs(drawing.seed, hex(seed));
}

async function checkTickets(t) {
  const key = await crypto.subtle.importKey('raw', fromHex(t.drawing.value.drawing.seed), { name: 'HMAC', hash: 'SHA-256' },
    false, ['sign']);
  const ids = new Set(t.applicants.map((line) => line.value.applicant));
  const compute = (id) => crypto.subtle.sign('HMAC', key, encoder.encode(`${t.rules.pool}\u001f${id}`));
  for (let from = 0; from < t.placed.length; from += AT_ONCE) {
    const lines = t.placed.slice(from, from + AT_ONCE);
    const tickets = await Promise.all(lines.map((line) => compute(line.value.placed)));
    for (const [i, { row, value }] of lines.entries()) {
      if (!ids.delete(value.placed)) return `row ${row}: ${value.placed}`;
      const ticket = hex(new Uint8Array(tickets[i]));
      if (ticket !== value.ticket) return `row ${row}: ${value.placed}: ${differs(value.ticket, ticket)}`;
    }
  }
  return ids.size ? `${[...ids].slice(0, 3).join(', ')} …` : '';
}

function checkOrder(t) {
  for (let i = 1; i < t.placed.length; i++) {
    const a = t.placed[i - 1].value, b = t.placed[i].value;
    const order = a.ticket === b.ticket ? compare(encoder.encode(a.placed), encoder.encode(b.placed)) : a.ticket > b.ticket ? 1 : -1;
    if (order > 0) return `row ${t.placed[i].row}: ${b.placed}`;
  }
  return '';
}

async function checkList(t) {
  const ids = t.applicants.map((line) => encoder.encode(line.value.applicant)).sort(compare);
  for (let i = 1; i < ids.length; i++) if (!compare(ids[i - 1], ids[i])) return decoder.decode(ids[i]);
  const list = await sha256(join(ids.flatMap((id) => [id, Uint8Array.of(10)])));
  return differs(t.closing.value.closing.list, hex(list));
}

function checksOf(t, published) {
  const closing = t.closing.value.closing;
  const checks = [
    ['whole', async () => differs(t.end.value.end, hex(await sha256(t.bytes.subarray(0, t.end.at))))],
    ['problem', async () => differs(closing.problem, hex(await sha256(t.bytes.subarray(0, t.closing.at))))],
    ['list', () => checkList(t)],
  ];
  if (!closing.commitment) return published ? [...checks, ['published', () => '—']] : checks;
  checks.push(['announcement', async () => differs(closing.announcement, hex(await announce(t.rules.pool, closing)))]);
  if (published) checks.push(['published', () => differs(closing.announcement, published.trim().toLowerCase())]);
  if (t.drawing) checks.push(['seed', () => checkSeed(t)], ['tickets', () => checkTickets(t)], ['order', () => checkOrder(t)]);
  return checks;
}

async function verifyLottery(bytes, published = '') {
  const results = [];
  if (!globalThis.crypto?.subtle) // pages without https get none
    return [{ check: 'readable', holds: false, detail: 'https: crypto.subtle' }];
  try {
    for (const [check, run] of checksOf(readTranscript(bytes), published)) {
      const detail = await run();
      results.push({ check, holds: !detail, detail });
      if (detail) break;
    }
  } catch (fault) {
    results.push({ check: 'readable', holds: false, detail: fault.message });
  }
  return results;
}

globalThis.verifyLottery = verifyLottery;

// ---- in a page ----

async function bytesOf(form) {
  const [file] = form.querySelector('input[type=file]')?.files ?? [];
  const from = file ?? await fetch(form.dataset.transcript, { credentials: 'same-origin' });
  if (from.ok === false) throw new Error(`${from.status}`);
  return new Uint8Array(await from.arrayBuffer());
}

function show(list, { check, holds, detail }) {
  const item = document.createElement('li');
  item.className = holds ? 'holds' : 'fails';
  const verdict = (holds ? list.dataset.holds : list.dataset.fails) ?? (holds ? '✓' : '✗');
  item.textContent = `${verdict} ${list.dataset[check] ?? check}${detail ? `: ${detail}` : ''}`;
  list.append(item);
}

async function verifyForm(form, list) {
  list.replaceChildren();
  list.setAttribute('aria-busy', 'true');
  try {
    const results = await verifyLottery(await bytesOf(form), form.elements.announcement?.value ?? '');
    for (const result of results) show(list, result);
  } catch (fault) {
    show(list, { check: 'readable', holds: false, detail: fault.message });
  }
  list.removeAttribute('aria-busy');
}

if (typeof document !== 'undefined') {
  const form = document.querySelector('form[data-verify-lottery]');
  form?.addEventListener('submit', (event) => {
    event.preventDefault();
    verifyForm(form, document.querySelector('[data-verify-results]'));
  });
}
