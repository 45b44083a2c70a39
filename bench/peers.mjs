// The rule of bench/dmn.c in other engines, on this machine, with ours for comparison:
//
//     npm install --no-save --ignore-scripts feelin @gorules/zen-engine
//     node bench/peers.mjs build-bench/bench/dmn
//
// Without the packages it says so and ends well.  PEERS names another folder they
// are in.  Every answer is checked; medians of many short rounds.
import { execFileSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

const ROUNDS = 21, PEOPLE = 500;
const folder = resolve(process.env.PEERS ?? '.');
const resolver = createRequire(join(folder, 'package.json'));

async function load(name) {
  try {
    return await import(pathToFileURL(resolver.resolve(name)));
  } catch {
    return null;
  }
}

// The same people as anywhere: a small generator, so that every run asks the same.
let seed = 18;
const below = (n) => (seed = (seed * 1103515245 + 12345) % 2147483648) % n;
const people = Array.from({ length: PEOPLE }, () => ({
  age: 15 + below(35), months: 8 + below(32), employed: below(8) > 0, claimed: below(8) === 0,
  income: (200000 + below(1500000)) / 100, education: 1 + below(4), skill: 1 + below(5),
}));
const subsidy = (p) =>
  p.age < 18 || p.age > 45 || p.months < 12 || !p.employed || p.claimed || p.income > 15000 ? 0
    : { 4: 30000, 3: 20000 }[p.education] ?? { 5: 15000, 4: 10000 }[p.skill] ?? 0;

const guards = ['[18..45]', '>= 12', 'true', 'false', '<= 15000'];
const columns = ['age', 'months', 'employed', 'claimed', 'income', 'education', 'skill'];
const rows = [[...guards, '4', '', '30000'], [...guards, '3', '', '20000'], [...guards, '', '5', '15000'],
  [...guards, '', '4', '10000'], ['', '', '', '', '', '', '', '0']];

function zen({ ZenEngine }) {
  const content = {
    nodes: [
      { id: 'in', name: 'in', type: 'inputNode', position: { x: 0, y: 0 } },
      { id: 'table', name: 'table', type: 'decisionTableNode', position: { x: 0, y: 0 }, content: {
        hitPolicy: 'first',
        inputs: columns.map((field) => ({ id: field, name: field, field })),
        outputs: [{ id: 'amount', name: 'amount', field: 'amount' }],
        rules: rows.map((row, i) => ({ _id: `r${i}`, ...Object.fromEntries(columns.map((c, k) => [c, row[k]])), amount: row[7] })),
      } },
      { id: 'out', name: 'out', type: 'outputNode', position: { x: 0, y: 0 } },
    ],
    edges: [{ id: 'a', type: 'edge', sourceId: 'in', targetId: 'table' }, { id: 'b', type: 'edge', sourceId: 'table', targetId: 'out' }],
  };
  const decision = new ZenEngine().createDecision(content);
  return async (p) => (await decision.evaluate(p)).result.amount;
}

// feelin has no tables: the tests of the first four rows one by one, as a table would.
function feelin({ unaryTest }) {
  const holds = (test, value) => {
    const met = unaryTest(test, { '?': value });
    return (met?.value ?? met) === true;
  };
  return (p) => {
    const row = rows.find((cells) => columns.every((c, k) => cells[k] === '' || holds(cells[k], p[c])));
    return Number(row[7]);
  };
}

async function median(name, answer) {
  const times = [];
  for (let round = 0; round < ROUNDS; round++) {
    const start = process.hrtime.bigint();
    for (const p of people) {
      const amount = await answer(p);
      if (amount !== subsidy(p)) throw new Error(`${name}: ${amount} for ${JSON.stringify(p)}, not ${subsidy(p)}`);
    }
    times.push(Number(process.hrtime.bigint() - start) / people.length);
    if (times.length > 4 && times.reduce((a, b) => a + b) * people.length > 3e9) break;
  }
  return times.sort((a, b) => a - b)[times.length >> 1];
}

const ours = Number(execFileSync(process.argv[2], ['--rule'], { encoding: 'utf8' }));
const show = (name, time) =>
  console.log(`${name.padEnd(44)} ${time.toFixed(0).padStart(10)} ns   ${(time / ours).toFixed(0)} times ours`);
for (const [name, make] of [['@gorules/zen-engine', zen], ['feelin', feelin]]) {
  const module = await load(name);
  if (module) show(name, await median(name, make(module.default ?? module)));
  else console.log(`${name.padEnd(44)} not installed: npm install --no-save --ignore-scripts ${name}`);
}
