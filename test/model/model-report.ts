import type { Coverage } from './coverage.ts'
import type { DisturbedPaths } from './disturbed-paths.ts'
import type { PureResult } from './model-run.ts'
import type { ServedPaths } from './served-paths.ts'

export interface ModelReport {
  readonly pure: readonly PureResult[]
  readonly served: readonly ServedPaths[]
  readonly crashed: readonly ServedPaths[]
  readonly disturbed: readonly DisturbedPaths[]
}

const count = (number: number) => number.toLocaleString('en')

/** What was not as it should be, and what was not covered or not done at all: a run without any of it is a good one. */
export function faultsOf({ pure, served, crashed, disturbed }: ModelReport): string[] {
  const seen = [...pure, ...served, ...crashed]
  return [
    ...[...seen, ...disturbed].flatMap(({ problems }) => problems),
    ...pure.filter(({ paths }) => paths === 0).map(({ model }) => `no path of ${model} was run`),
    ...[...served, ...crashed]
      .filter(({ runs, paths }) => runs < paths)
      .map(
        ({ machine, runs, paths }) =>
          `only ${runs} runs of ${paths} paths of the ${machine} machine came to their end`,
      ),
    ...crashed
      .filter(({ crashes, events }) => crashes < events)
      .map(({ machine }) => `the ${machine} machine was not crashed after every event`),
    ...disturbed
      .filter(({ duplicated, swapped }) => duplicated === 0 || swapped === 0)
      .map(({ machine }) => `nothing was disturbed for the ${machine} machine`),
    ...seen.flatMap(each => missingOf('model' in each ? each.model : each.machine, each.coverage)),
  ]
}

function missingOf(name: string, { missingStates, missingTransitions }: Coverage): string[] {
  return [...missingStates, ...missingTransitions].map(missing => `${name}: ${missing} was not covered`)
}

export function renderModelReport(report: ModelReport): string {
  const { pure, served, crashed, disturbed } = report
  return [
    '(a) every simple path, run purely, through JSON after every event',
    ...pure.map(
      ({ model, legs, paths, events, ends, late, coverage }) =>
        `    ${model}: ${count(paths)} paths in ${legs} ${legs === 1 ? 'leg' : 'legs'}, ${count(events)} events, ${count(late)} late messages; ends ${endsText(ends)}; ${coverageText(coverage)}`,
    ),
    '(b) covering paths on a real server over HTTP, without operators (those: test/scenarios/operator.test.ts)',
    ...served.map(each => `    ${servedText(each)}`),
    ...served.flatMap(injectedText),
    '(c) the same with a crash and a restart after every event',
    ...crashed.map(each => `    ${servedText(each)}, ${count(each.crashes)} crashes`),
    '(d) the same with messages duplicated, swapped and late',
    ...disturbed.map(
      ({ machine, paths, messages, duplicated, swapped, races, racesDecidedOtherwise, late }) =>
        `    ${machine}: ${paths} paths, ${count(messages)} messages; ${count(duplicated)} duplicated, ${swapped} pairs swapped (${races} of them a race, ${racesDecidedOtherwise} of those came to the other end), ${late} runs with late commands or replies`,
    ),
    ...disturbed.flatMap(({ machine, skipped }) =>
      Object.entries(skipped).map(
        ([reason, times]) => `    ${machine}: ${times} pairs left in order: ${reason}`,
      ),
    ),
    ...faultsOf(report).map(fault => `FAULT ${fault}`),
  ].join('\n')
}

const endsText = (ends: Readonly<Record<string, number>>) =>
  Object.entries(ends)
    .map(([end, paths]) => `${end} ${count(paths)}`)
    .join(', ')

function coverageText({ counts }: Coverage): string {
  const { states, statesInAll, transitions, transitionsInAll } = counts
  return `states ${states}/${statesInAll}, transitions ${transitions}/${transitionsInAll}`
}

const servedText = ({ machine, paths, runs, events, coverage }: ServedPaths) =>
  `${machine}: ${paths} paths, ${runs} runs, ${count(events)} events; ${coverageText(coverage)}`

/** The transitions that only a message from nobody takes. */
function injectedText({ machine, unaided }: ServedPaths): string[] {
  const { missingTransitions: injected } = unaided
  if (injected.length === 0) return []
  return [
    `    ${machine}: ${injected.length} transitions were taken only by messages that nobody in the shop sends there:`,
    ...injected.map(name => `      ${name}`),
    `    They are answered so that a broken or repeated sender does no harm; test/machines/${machine}-machine.test.ts covers each by itself.`,
  ]
}

/** The report as data. */
export function modelReportData(report: ModelReport) {
  const covered = (coverage: Coverage) => ({
    ...coverage.counts,
    missing: [...coverage.missingStates, ...coverage.missingTransitions],
    timesTaken: coverage.times,
  })
  const served = ({ coverage, unaided, ...counts }: ServedPaths) => ({
    ...counts,
    coverage: covered(coverage),
    onlyInjected: unaided.missingTransitions,
  })
  return {
    pure: report.pure.map(({ coverage, ...counts }) => ({ ...counts, coverage: covered(coverage) })),
    served: report.served.map(served),
    crashed: report.crashed.map(served),
    disturbed: report.disturbed,
    faults: faultsOf(report),
  }
}
