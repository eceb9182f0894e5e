/**
 * Runs all paths of the payment and the order machine: purely, on a real server, with crashes, and with messages
 * disturbed. Progress goes to stderr, the counts and the coverage to stdout; ends with status 1 when something was not as
 * its path says or was not covered.
 */
import { parseArgs } from 'node:util'
import { faultsOf, modelReportData, renderModelReport } from './model-report.ts'
import { coveredMachines, runCrashed, runDisturbed, runPurely, runServed } from './model-run.ts'
import { pureOrderModel, purePaymentModel, pureReturnModel } from './modelled-machine.ts'

function options() {
  try {
    return parseArgs({
      options: { json: { type: 'boolean', default: false }, help: { type: 'boolean', default: false } },
    }).values
  } catch {
    return undefined
  }
}

const values = options()
if (values === undefined || values.help) {
  console.error('usage: node test/model/run.ts [--json]')
  process.exit(values === undefined ? 2 : 0)
}

/** At the end of one path of so many, everything that can still come late is said. */
const lateEvery = 5

const say = (line: string) => console.error(line)
say('(a) pure paths')
const one = runPurely(purePaymentModel(1), lateEvery)
// An operator's interventions multiply the paths; with one option they are all there.
const two = runPurely(purePaymentModel(2), lateEvery, { coverage: one.coverage, interventions: 0 })
const returns = runPurely(pureReturnModel(), lateEvery, { coverage: one.coverage })
const pure = [runPurely(pureOrderModel(), 1), one, two, returns]
const covered = coveredMachines()
say('(b) on a server')
const served = [...(await inTurn(runServed))]
say('(c) with crashes')
const crashed = [...(await inTurn(runCrashed))]
say('(d) with messages disturbed')
const disturbed = [...(await inTurn(each => runDisturbed(each, true)))]

const report = { pure, served, crashed, disturbed }
console.log(values.json ? JSON.stringify(modelReportData(report), null, 2) : renderModelReport(report))
if (faultsOf(report).length > 0) process.exitCode = 1

async function inTurn<Result>(run: (each: (typeof covered)[number]) => Promise<Result>): Promise<Result[]> {
  const results: Result[] = []
  for (const each of covered) results.push(await run(each))
  return results
}
