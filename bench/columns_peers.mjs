// The rules of bench/columns.c in other engines, over the same people, one thread each; called by it:
//
//     node bench/columns_peers.mjs FOLDER '{"people": …, "rule": {"ours": ns, "amounts": …, "failed": …}, "twenty": …}'
//
// Sums of amounts and of failed conditions are checked; medians in nanoseconds per person.  What is not
// installed is said: DuckDB (npm install --no-save --ignore-scripts @duckdb/node-api; PEERS names another
// folder it is in), numpy (Debian's python3-numpy), PostgreSQL (run it all in tests/support/postgres with …).
import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const ROUNDS = 7;
const folder = process.argv[2], about = JSON.parse(process.argv[3]);
const here = dirname(fileURLToPath(import.meta.url));

// ---- the rules as SQL ----

const guards = ['age BETWEEN 18 AND 45', 'months >= 12', 'work', 'NOT had', 'income <= 1500000'];
const last = [['education = 4', 5, 30000], ['education = 3', 5, 20000], ['skill = 5', 6, 15000], ['skill = 4', 6, 10000]];
const rule = last.map(([test, place, amount]) => ({ amount, tests: [...guards.map((text, k) => [text, k]), [test, place]] }));
const twenty = Array.from({ length: 20 }, (_, k) => ({
  amount: k + 1,
  tests: [`age >= ${16 + k}`, `age <= ${60 - k}`, `months >= ${30 - k}`, `income <= ${(18000 - 700 * k) * 100}`, 'work',
    `education >= ${4 - Math.floor(k / 6)}`].map((text, i) => [text, i]),
}));
const tables = { rule, twenty };
const amounts = (rows) =>
  `CASE ${rows.map((r) => `WHEN ${r.tests.map(([t]) => t).join(' AND ')} THEN ${r.amount}`).join(' ')} ELSE 0 END`;
const failed = (rows) =>
  rows.map((r) => r.tests.map(([t, place]) => `CASE WHEN ${t} THEN 0 ELSE ${1 << place} END`).join(' + ')).join(' + ');
const query = (rows, reasons) =>
  `SELECT sum(${amounts(rows)})${reasons ? `, sum(${failed(rows)})` : ''} FROM people`;
const types = 'age smallint, months smallint, work boolean, had boolean, income integer, education smallint, skill smallint';

// ---- telling ----

const names = { rule: 'the rule', twenty: 'twenty rules' };
const median = (times) => times.sort((a, b) => a - b)[times.length >> 1];
function tell(peer, name, reasons, times, sums) {
  const expected = about[name];
  if (Number(sums[0]) !== expected.amounts || (reasons && Number(sums[1]) !== expected.failed))
    throw new Error(`${peer}, ${name}: ${sums}, not ${expected.amounts}, ${expected.failed}`);
  const time = median(times) / about.people;
  console.log(`${peer.padEnd(24)} ${names[name].padEnd(14)} ${(reasons ? 'with reasons' : 'without').padEnd(14)}`
    + `${time.toFixed(1).padStart(9)} ns ${(time / expected.ours).toFixed(1).padStart(8)} times ours with reasons`);
}
const missing = (peer, how) => console.log(`${peer.padEnd(24)} not installed: ${how}`);

// ---- the peers ----

async function duckdb() {
  const resolver = createRequire(join(resolve(process.env.PEERS ?? '.'), 'package.json'));
  let module;
  try {
    module = await import(pathToFileURL(resolver.resolve('@duckdb/node-api')));
  } catch {
    return missing('DuckDB', 'npm install --no-save --ignore-scripts @duckdb/node-api');
  }
  const instance = await module.DuckDBInstance.create(':memory:', { threads: '1' });
  const db = await instance.connect();
  await db.run(`CREATE TABLE people (${types})`);
  await db.run(`COPY people FROM '${join(folder, 'people.csv')}' (HEADER)`);
  for (const [name, rows] of Object.entries(tables))
    for (const reasons of [false, true]) {
      const times = [];
      let sums;
      for (let i = 0; i < ROUNDS; i++) {
        const start = process.hrtime.bigint();
        sums = (await db.runAndReadAll(query(rows, reasons))).getRows()[0];
        times.push(Number(process.hrtime.bigint() - start));
      }
      tell('DuckDB', name, reasons, times, sums);
    }
}

function numpy() {
  const python = ['/usr/bin/python3', 'python3'].find((p) => spawnSync(p, ['-c', 'import numpy']).status === 0);
  if (!python) return missing('numpy', 'apt install python3-numpy');
  const run = spawnSync(python, [join(here, 'columns_numpy.py'), folder, String(ROUNDS)], { encoding: 'utf8' });
  if (run.status !== 0) throw new Error(run.stderr);
  for (const { name, reasons, times, sums } of JSON.parse(run.stdout)) tell('numpy', name, reasons, times, sums);
}

function postgres() {
  const url = process.env.LIUDONG_TEST_POSTGRES;
  if (!url) return missing('PostgreSQL', 'run this as tests/support/postgres with …');
  const ask = (commands) => {
    const run = spawnSync('psql', ['-XqtA', '-v', 'ON_ERROR_STOP=1', url], { input: commands, encoding: 'utf8' });
    if (run.status !== 0) throw new Error(run.stderr);
    return run.stdout;
  };
  const set = 'SET max_parallel_workers_per_gather = 0;';
  ask(`DROP TABLE IF EXISTS people; CREATE UNLOGGED TABLE people (${types});
\\copy people FROM '${join(folder, 'people.csv')}' CSV HEADER
VACUUM ANALYZE people;`);
  for (const [name, rows] of Object.entries(tables))
    for (const reasons of [false, true]) {
      const lines = ask(`${set}\n\\timing on\n${`${query(rows, reasons)};\n`.repeat(3)}`).trim().split('\n');
      const times = lines.filter((l) => l.startsWith('Time')).map((l) => Number(l.split(' ')[1]) * 1e6);
      tell('PostgreSQL', name, reasons, times.slice(-3), lines.find((l) => /^\d/.test(l)).split('|'));
    }
  ask('DROP TABLE people;');
}

console.log(`\nPeers, ${about.people} people whose facts are known, one thread`);
await duckdb();
numpy();
postgres();
