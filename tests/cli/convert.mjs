// Files that liudong convert writes, read by dmn-js's own reader: no warning, and the same
// decisions, rules and cells as the pages have.  TAP.
import { execFileSync } from 'node:child_process'
import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import DmnModdle from 'dmn-moddle'

const source = process.env.LIUDONG_SOURCE
const program = join(process.env.LIUDONG_BUILD, 'liudong')
const packageFolder = join(source, 'policy/minhou-2021-81')
const pages = ['clauses', 'common'].flatMap(folder =>
  readdirSync(join(packageFolder, folder)).filter(name => name.endsWith('.md')).map(name => join(folder, name)))

const cellsOf = line => line.trim().replace(/^\||\|$/g, '').split(/(?<!\\)\|/).map(cell => cell.trim().replaceAll('\\|', '|'))

// The decision headings of a page, each with the cells of its table's rules or its expression.
function readPage (text) {
  const decisions = []
  for (const part of text.split(/^## /m).slice(1)) {
    const heading = part.split('\n', 1)[0].match(/^([^(:]+)(\(.*\))?: (\S.*)$/)
    if (!heading) continue
    const table = (part.match(/(?:^\|.*\n?)+/gm) ?? []).find(rows => /^\|\s*(U|A|P|F|R|O|C[+<>#]?)\s*\|/.test(rows))
    const feel = part.match(/^```feel\n([^]*?)\n```$/m)
    const lines = table ? table.trim().split('\n') : []
    const rules = lines.slice(2).map(cellsOf).filter(cells => !['允许', '默认'].includes(cells[0]))
    decisions.push({ name: heading[1], rules: rules.map(cells => cells.slice(1)), text: feel?.[1].trim() })
  }
  return decisions
}

const textsOf = entries => (entries ?? []).map(entry => entry.text ?? '')

function readModel (definitions) {
  return definitions.drgElement.filter(e => ['dmn:Decision', 'dmn:BusinessKnowledgeModel'].includes(e.$type)).map(e => {
    const logic = e.decisionLogic ?? e.encapsulatedLogic.body ?? e.encapsulatedLogic.expression
    const rules = (logic.rule ?? []).map(rule =>
      [...textsOf(rule.inputEntry), ...textsOf(rule.outputEntry), ...textsOf(rule.annotationEntry)])
    return { name: e.name, rules, text: logic.text }
  })
}

function requirementsOf (definitions) {
  return definitions.drgElement.flatMap(e =>
    [...(e.informationRequirement ?? []), ...(e.knowledgeRequirement ?? []), ...(e.authorityRequirement ?? [])])
}

let failed = 0
console.log(`1..${pages.length}`)
for (const [i, page] of pages.entries()) {
  const faults = []
  const path = join(packageFolder, page)
  const xml = execFileSync(program, ['convert', path, '--to', 'dmn', '--edition', '1.3'], { encoding: 'utf8' })
  const { rootElement, warnings, elementsById } = await new DmnModdle().fromXML(xml, 'dmn:Definitions')
  for (const warning of warnings) faults.push(`warning: ${warning.message}`)
  const want = JSON.stringify(readPage(readFileSync(path, 'utf8')))
  const got = JSON.stringify(readModel(rootElement))
  if (want !== got || want === '[]') faults.push(`page   ${want}`, `model  ${got}`)
  const drawn = rootElement.dmnDI.diagrams[0].diagramElements
  const shapes = drawn.filter(e => e.$type === 'dmndi:DMNShape')
  const edges = drawn.filter(e => e.$type === 'dmndi:DMNEdge')
  const elements = rootElement.drgElement.length
  const local = requirementsOf(rootElement).filter(r => elementsById[r.id]).filter(r =>
    Object.values(r).every(v => typeof v?.href !== 'string' || v.href.startsWith('#')))
  if (shapes.length !== elements) faults.push(`${shapes.length} shapes for ${elements} elements`)
  if (edges.length !== local.length) faults.push(`${edges.length} edges for ${local.length} requirements`)
  failed += faults.length > 0
  console.log(`${faults.length ? 'not ok' : 'ok'} ${i + 1} - ${page}`)
  for (const fault of faults) console.log(`# ${fault}`)
}
process.exit(failed ? 1 : 0)
