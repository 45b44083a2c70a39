// The page's verifier on transcripts that the program writes: they hold, and each value of theirs that
// concerns the lottery, changed in a file sealed again, does not.  TAP.
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { runInThisContext } from 'node:vm'

const source = process.env.LIUDONG_SOURCE
const program = join(process.env.LIUDONG_BUILD, 'liudong')
const script = readFileSync(join(source, 'src/web/script/verify_lottery.js'), 'utf8')
runInThisContext(script, { filename: 'verify_lottery.js' }) // a page's script, no module
const { verifyLottery } = globalThis

const folder = mkdtempSync(join(tmpdir(), 'liudong-lottery-'))
let count = 0
function report (ok, name, detail) {
  if (!ok) process.exitCode = 1
  console.log(`${ok ? 'ok' : 'not ok'} ${++count} ${name}${ok ? '' : `\n# ${JSON.stringify(detail)}`}`)
}

function transcript (example) {
  const output = join(folder, `${example}.jsonl`)
  execFileSync(program, ['allocate', join(source, 'docs/examples/allocation', `${example}.yaml`), '--output', output])
  return readFileSync(output, 'utf8')
}

const sha256 = text => createHash('sha256').update(text).digest('hex')
const sealed = text => {
  const end = text.indexOf('{"end"')
  return `${text.slice(0, end)}{"end":"${sha256(text.slice(0, end))}"}\n`
}
const verify = (text, published) => verifyLottery(new TextEncoder().encode(text), published)
const names = results => results.map(result => `${result.check}${result.holds ? '' : '!'}`).join(' ')

const drawn = 'whole problem list announcement seed tickets order'
const expected = {
  'school-seats': drawn, 'public-rental': drawn, recruitment: 'whole problem list', 'points-promotion': 'whole problem list',
  'jury-prizes': 'whole problem list'
}
for (const [example, checks] of Object.entries(expected)) {
  const results = await verify(transcript(example))
  report(names(results) === checks, `${example} holds`, results)
}

const text = transcript('public-rental'), announcement = text.match(/"announcement":"([0-9a-f]+)"/)[1]
report(names(await verify(text, ` ${announcement.toUpperCase()} `)) === drawn.replace('seed', 'published seed'), 'as published')
report(names(await verify(text, sha256('another'))).endsWith('published!'), 'published otherwise')

// What is changed, and the check that finds it when the file is sealed again.
const changes = [
  [/"pool":"示例县/, '"pool":"外县', 'problem!'],
  [/"applicant":"H001"/, '"applicant":"H000"', 'problem!'],
  [/"list":"./, '"list":"x', 'list!'],
  [/"commitment":"(.)/, (_, digit) => `"commitment":"${digit === '0' ? 1 : 0}`, 'announcement!'],
  [/"source":"示例抽奖第2026090期","date":"2026-08-06","fallback"/, '"source":"另一抽奖","date":"2026-08-06","fallback"', 'announcement!'],
  [/"from":"2026-08-08"/, '"from":"2026-08-07"', 'announcement!'],
  [/"secret":"(.)/, (_, digit) => `"secret":"${digit === '0' ? 1 : 0}`, 'seed!'],
  [/"value":"01/, '"value":"02', 'seed!'],
  [/("secret":"[^"]*","source":"示例抽奖第2026090期","date":")2026-08-06/, '$12026-08-07', 'seed!'],
  [/"seed":"(.)/, (_, digit) => `"seed":"${digit === '0' ? 1 : 0}`, 'seed!'],
  [/("placed":"H012","ticket":")(.)/, (_, before, digit) => `${before}${digit === '0' ? 1 : 0}`, 'tickets!'],
  [/("placed":")H012/, '$1H013', 'tickets!'],
  [/(\{"placed".*\n)(\{"placed".*\n)/, '$2$1', 'order!'],
  [/\{"placed":"H012".*\n/, '', 'tickets!']
]
for (const [from, to, check] of changes) {
  const changed = text.replace(from, to)
  const open = names(await verify(changed)), hidden = names(await verify(sealed(changed)))
  report(changed !== text && open.endsWith('whole!') && hidden.endsWith(check), `${from} is found`, { open, hidden })
}
report(names(await verify('')) === 'readable!', 'nothing')
report(names(await verify(text.slice(0, 500))) === 'readable!', 'half a file')

rmSync(folder, { recursive: true })
console.log(`1..${count}`)
