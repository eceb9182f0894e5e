/**
 * Has 1,500 customers ask for 1,000 coupons of a server with Redis in front: all at once, all at once while Redis is killed
 * and comes back empty, and the same over some seconds. Progress goes to stderr, the figures to stdout; ends with status 1
 * when a coupon too many or too few was issued, when it took too long, or when the two servers that count wrongly
 * on purpose were not found out.
 */
import { mkdtempDisposableSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { alteredBy } from '../crash/alterations.ts'
import { type FcfsOptions, type FcfsReport, fcfsRun } from './fcfs-run.ts'

const { values } = parseArgs({
  options: {
    clients: { type: 'string', default: '1500' },
    coupons: { type: 'string', default: '1000' },
    'ramp-seconds': { type: 'string', default: '6' },
    'p95-ms': { type: 'string', default: '250' },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
})
const [clients = 0, coupons = 0, rampSeconds = 0, p95MsMax = 0] = [
  values.clients,
  values.coupons,
  values['ramp-seconds'],
  values['p95-ms'],
].map(Number)
if (values.help || !(coupons > 0 && clients > coupons && rampSeconds > 0 && p95MsMax > 0)) {
  console.error(
    'usage: node test/fcfs/run.ts [--clients 1500] [--coupons 1000] [--ramp-seconds 6] [--p95-ms 250] [--json]',
  )
  process.exit(values.help ? 0 : 2)
}

/** The gate lets everybody through and the campaign gives one too many: alone, each is made good by the other. */
const campaignGivesOneMore = alteredBy([
  {
    file: 'src/actors/coupon/coupon.ts',
    from: 'issuedQuantity >= totalQuantity',
    to: 'issuedQuantity > totalQuantity',
  },
  { file: 'src/actors/coupon/coupon-gate.ts', from: 'keyed ? undefined', to: 'true ? undefined' },
])
const campaignKeepsOne = alteredBy([
  {
    file: 'src/actors/coupon/coupon.ts',
    from: 'issuedQuantity >= totalQuantity',
    to: 'issuedQuantity >= totalQuantity - 1',
  },
])

async function run(name: string, options: Omit<FcfsOptions, 'directory' | 'clients' | 'coupons'>) {
  using directory = mkdtempDisposableSync(join(tmpdir(), 'recoup-fcfs-'))
  const report = await fcfsRun({ directory: directory.path, clients, coupons, ...options })
  console.error(name)
  return report
}

const rampMs = rampSeconds * 1_000
const runs = [
  await run('all at once', { rampMs: 0, kill: false }),
  await run('all at once, Redis killed', { rampMs: 0, kill: true }),
  await run('one after the other', { rampMs, kill: false }),
  await run('one after the other, Redis killed', { rampMs, kill: true }),
]
const controls = [
  await run('control: one too many', { rampMs: 0, kill: false, environment: campaignGivesOneMore }),
  await run('control: one too few', { rampMs: 0, kill: false, environment: campaignKeepsOne }),
]
const shortfalls = [
  ...runs.flatMap(({ faults }) => faults),
  ...runs
    .filter(({ rampMs: over, p95Ms }) => over > 0 && !(p95Ms < p95MsMax))
    .map(({ p95Ms }) => `p95 of ${p95Ms.toFixed(0)} ms`),
  ...controls.filter(({ faults }) => !faults.some(isCount)).map(() => 'a wrong count was not found out'),
]
console.log(values.json ? JSON.stringify({ runs, controls, shortfalls }) : render())
if (shortfalls.length > 0) process.exitCode = 1

function isCount(fault: string): boolean {
  return fault.endsWith('were issued')
}

function render(): string {
  const control = controls.map(({ faults }) => faults.find(isCount) ?? 'nothing').join('; ')
  return [
    `${coupons} coupons, ${clients} customers, two requests each`,
    ...runs.map(line),
    `controls found: ${control}`,
    ...(shortfalls.length === 0 ? ['as it should be'] : shortfalls.slice(0, 20)),
  ].join('\n')
}

function line({
  rampMs: over,
  kill,
  answers,
  p50Ms,
  p95Ms,
  p99Ms,
  lost,
  scripts,
  faults,
}: FcfsReport): string {
  const how = `${over === 0 ? 'at once' : `over ${over / 1_000} s`}${kill ? ', Redis killed' : ''}`
  const times = [p50Ms, p95Ms, p99Ms].map(ms => ms.toFixed(0)).join(' / ')
  return `${how.padEnd(24)} ${answers} answers, p50 / p95 / p99 ${times} ms, Redis lost ${lost} times, ${scripts} scripts, ${faults.length} faults`
}
