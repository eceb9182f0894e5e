/**
 * Simulates the shop, everything that befalls it, and its clients, and shows that no promise is broken. Progress goes to
 * stderr, the report to stdout; ends with status 1 when something was broken or when the run was blind.
 */
import { parseArgs } from 'node:util'
import { simulate } from './simulate.ts'
import { blindSpots, renderReport, reportAsData } from './simulation-report.ts'

const usage = `usage: npm run simulate -- [--histories 300] [--operations N] [--seed 1] [--operations-max 300]
  [--stop-at-first] [--no-shrink] [--json] [--replay HISTORY [--keep 1,2,3] [--faults 2/lost message/0]]`

function wrong(sentence: string): never {
  console.error(`${sentence}\n${usage}`)
  process.exit(2)
}

function wordsOf() {
  try {
    return parseArgs({
      options: {
        histories: { type: 'string' },
        operations: { type: 'string' },
        seed: { type: 'string', default: '1' },
        'operations-max': { type: 'string', default: '300' },
        replay: { type: 'string' },
        keep: { type: 'string' },
        faults: { type: 'string' },
        'stop-at-first': { type: 'boolean', default: false },
        'no-shrink': { type: 'boolean', default: false },
        json: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    }).values
  } catch (error) {
    return wrong((error as Error).message)
  }
}

const words = wordsOf()
if (words.help) {
  console.log(usage)
  process.exit(0)
}

function whole(
  name: 'histories' | 'operations' | 'seed' | 'operations-max' | 'replay',
  least: number,
): number | undefined {
  const word = words[name]
  if (word === undefined) return undefined
  const number = Number(word)
  return Number.isSafeInteger(number) && number >= least
    ? number
    : wrong(`--${name} must be a whole number from ${least}`)
}

const histories = whole('histories', 1)
const operations = whole('operations', 1)
const replay = whole('replay', 0)
const keep = words.keep === undefined ? undefined : new Set(words.keep.split(',').map(Number))
const faults = words.faults === undefined ? undefined : new Set(words.faults.split(','))
const report = await simulate({
  histories: histories ?? (operations === undefined ? 300 : undefined),
  operations,
  seed: whole('seed', 0) ?? 1,
  operationsMax: whole('operations-max', 50),
  replay,
  kept: keep || faults ? { operations: keep, faults } : undefined,
  stopAtFirst: words['stop-at-first'],
  shrinks: !words['no-shrink'],
  say: line => console.error(line),
})
console.log(words.json ? JSON.stringify(reportAsData(report), undefined, 2) : renderReport(report))
const blind = replay === undefined && blindSpots(report).length > 0
if (report.violations.length > 0 || blind) process.exitCode = 1
