/**
 * Plants bugs in the source, one at a time, and shows that each is caught. Progress goes to stderr, the result to stdout;
 * ends with status 1 when a bug escaped, when one could not be planted, or when there was an alarm without one.
 */
import { parseArgs } from 'node:util'
import { inParallel } from '../../src/cli/seed/in-parallel.ts'
import { type Trial, tryBug } from './harness.ts'
import { plantedBugs } from './planted-bugs.ts'
import { isCaught, isClean, outcomeOf, renderMatrix, renderTrials } from './planted-report.ts'
import { simulatorHarness } from './simulator-harness.ts'
import { testsHarness } from './tests-harness.ts'

const usage = 'usage: npm run planted -- [--only NAME]... [--histories 2000] [--seed 1] [--matrix] [--json]'

function fail(sentence: string): never {
  console.error(`${sentence}\n${usage}`)
  process.exit(2)
}

function readWords() {
  try {
    return parseArgs({
      options: {
        only: { type: 'string', multiple: true, default: [] },
        histories: { type: 'string', default: '2000' },
        seed: { type: 'string', default: '1' },
        matrix: { type: 'boolean', default: false },
        json: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    }).values
  } catch (error) {
    return fail((error as Error).message)
  }
}

const words = readWords()
if (words.help) {
  console.log(usage)
  process.exit(0)
}
const [histories, seed] = [Number(words.histories), Number(words.seed)]
if (!Number.isSafeInteger(histories) || histories < 1) fail('--histories must be a whole number from 1.')
if (!Number.isSafeInteger(seed) || seed < 0) fail('--seed must be a whole number from 0.')
for (const name of words.only) {
  if (!plantedBugs.some(bug => bug.name === name)) fail(`There is no bug called ${name}.`)
}

const simulator = simulatorHarness({ histories, seed })
const harnesses = words.matrix ? [simulator, testsHarness] : [simulator]
const bugs = plantedBugs.filter(({ name }) => words.only.length === 0 || words.only.includes(name))
const plan = harnesses
  .flatMap(harness => [undefined, ...bugs].map(bug => ({ harness, bug })))
  .map((each, place) => ({ ...each, place }))
const trials: Trial[] = []
let done = 0
await inParallel(plan, 2, async ({ harness, bug, place }) => {
  const trial = await tryBug(harness, bug)
  trials[place] = trial
  done += 1
  const name = bug?.name ?? 'the source as it is'
  console.error(`(${done}/${plan.length}) ${harness.name}, ${name}: ${outcomeOf(trial, harness)}`)
})

const ofHarness = (name: string) => trials.filter(({ harness }) => harness === name)
if (words.json) {
  console.log(JSON.stringify({ histories, seed, trials }, null, 2))
} else {
  for (const harness of harnesses) console.log(`${renderTrials(ofHarness(harness.name), harness)}\n`)
  if (words.matrix) console.log(renderMatrix(trials, harnesses))
}

const sound = trials.every(trial =>
  trial.bug === undefined ? isClean(trial) : isCaught(trial) || trial.harness !== simulator.name,
)
if (!sound) process.exitCode = 1
