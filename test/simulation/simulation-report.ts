import { operationKinds } from './operations.ts'
import { paymentEdges } from './payment-edges.ts'
import type { ShortestHistory } from './shrink.ts'
import type { Tally } from './tally.ts'

/** What a simulation did and found. */
export interface SimulationReport {
  readonly seed: number
  histories: number
  operations: number
  seconds: number
  readonly tally: Tally
  /** One for each history that broke something. */
  readonly violations: FoundViolation[]
}

interface FoundViolation {
  /** Of the history. */
  readonly seed: number
  readonly broken: string
  readonly sentence: string
  readonly shortest?: ShortestHistory
}

/** Every fault that has to come about, in the words they are counted under. */
const faultKinds = [
  'lost message',
  'duplicated message',
  'delayed message',
  'reordered message',
  'CompletePayment refused on purpose',
  'RecordSale refused on purpose',
  'slow order',
  'slow stock',
  'slow ownedCoupon',
  'slow balance',
  'slow statistics',
  'commit refused by a full disk',
  'commit of unknown outcome, written',
  'commit of unknown outcome, not written',
  'clock set forwards',
  'clock set backwards',
  'machine asleep',
  'delivery to the outside failed',
] as const

const crashMoments = [
  'between steps',
  'in the middle of a commit',
  'at a commit of unknown outcome, written',
  'at a commit of unknown outcome, not written',
  'while recovering',
] as const

/** With fewer client operations than this, something rare may well have stayed away. */
const operationsEnough = 20_000
/** An operator who retries just that step, while it is silent, is rarer still. */
const operationsEnoughForOperators = 200_000

/** Why a run that found nothing proves nothing. */
export function blindSpots({ tally, operations }: SimulationReport): string[] {
  const blind: string[] = []
  const expect = (group: string, names: readonly string[]) => {
    for (const name of names) if (tally.of(group, name) === 0) blind.push(`${group}: none of "${name}".`)
  }
  expect('checks', ['commits', 'answers', 'whole databases', 'deliveries to the outside'])
  expect('acknowledgements', ['order', 'pay', 'charge', 'issue'])
  if (operations < operationsEnough) return blind
  expect('operations', operationKinds)
  expect('acknowledgements', ['cancel', 'restock', 'return'])
  expect('faults', faultKinds)
  expect('crashes', crashMoments)
  expect('checks', [
    'questions',
    'returns done',
    'answers given again',
    'recoveries with work left',
    'refusals at the door',
  ])
  expect(
    'edges',
    paymentEdges
      .map(({ name }) => name)
      .filter(name => operations >= operationsEnoughForOperators || !name.includes('--RetryStep')),
  )
  return blind
}

export function renderReport(report: SimulationReport): string {
  const { seed, histories, operations, seconds, tally, violations } = report
  const lines = [
    `seed ${seed}: ${histories} histories, ${operations} client operations in ${seconds.toFixed(1)} s (${Math.round(operations / seconds)}/s)`,
  ]
  for (const group of [
    'operations',
    'acknowledgements',
    'answers',
    'faults',
    'crashes',
    'processes',
    'checks',
  ]) {
    lines.push(
      '',
      `${group}: ${tally.total(group)}`,
      ...rows(tally, group, [...(tally.groups.get(group)?.keys() ?? [])].toSorted()),
    )
  }
  const taken = paymentEdges.filter(({ name }) => tally.of('edges', name) > 0).length
  lines.push(
    '',
    `transitions of the payment machine: ${taken} of ${paymentEdges.length} taken, ${tally.total('edges')} times (* undoes)`,
  )
  for (const { name, undo } of paymentEdges) {
    lines.push(`${String(tally.of('edges', name)).padStart(10)} ${undo ? '*' : ' '} ${name}`)
  }
  lines.push('', `violations: ${violations.length}`)
  for (const violation of violations) lines.push(...renderViolation(violation))
  lines.push(...blindSpots(report).map(sentence => `BLIND ${sentence}`))
  return lines.join('\n')
}

function rows(tally: Tally, group: string, names: readonly string[]): string[] {
  return names.map(name => `${String(tally.of(group, name)).padStart(10)}   ${name}`)
}

function renderViolation({ seed, sentence, shortest }: FoundViolation): string[] {
  if (shortest === undefined) return [`VIOLATION in history ${seed}: ${sentence}`]
  const { operations, faults, story, violation, replay, runs } = shortest
  return [
    `VIOLATION in history ${seed}: ${sentence}`,
    `  shortest history found, in ${runs} runs: ${operations.length} operations, ${faults.length} faults: ${violation}`,
    ...operations.map(number => `  ${String(number).padStart(5)}  ${story.get(number) ?? ''}`),
    ...faults.map(fault => `         fault ${fault}`),
    `  again: ${replay}`,
  ]
}

/** The same as data. */
export function reportAsData(report: SimulationReport): object {
  const { seed, histories, operations, seconds, tally, violations } = report
  const groups = [...tally.groups].filter(([group]) => group !== 'edges')
  return {
    seed,
    histories,
    operations,
    seconds,
    ...Object.fromEntries(groups.map(([group, names]) => [`${group}ByKind`, Object.fromEntries(names)])),
    edges: paymentEdges.map(({ name, undo }) => ({ name, undo, taken: tally.of('edges', name) })),
    violations: violations.map(({ shortest, ...violation }) => ({
      ...violation,
      ...(shortest && { shortest: { ...shortest, story: Object.fromEntries(shortest.story) } }),
    })),
    blindSpots: blindSpots(report),
  }
}
