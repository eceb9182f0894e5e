import { type HistoryOptions, type HistoryResult, operationsMaxDefault, runHistory } from './history.ts'

/** The shortest history that was found to break the same thing. */
export interface ShortestHistory {
  readonly operations: readonly number[]
  readonly faults: readonly string[]
  /** What each operation does. */
  readonly story: ReadonlyMap<number, string>
  readonly violation: string
  /** One line that runs it again. */
  readonly replay: string
  /** How many histories were tried. */
  readonly runs: number
}

const runsMaxDefault = 400

/**
 * Leaves out operations and faults of a history that breaks `broken`, as long as what is left breaks it too. The result
 * cannot lose any one of them, unless it took more than `runsMax` tries to find out.
 */
export async function shrink(
  options: HistoryOptions,
  broken: string,
  runsMax = runsMaxDefault,
): Promise<ShortestHistory | undefined> {
  let runs = 0
  let best: HistoryResult | undefined
  /** Whether what is kept breaks the same thing; then it is the best so far. */
  const fails = async (operations?: readonly number[], faults?: readonly string[]): Promise<boolean> => {
    if (runs >= runsMax) return false
    runs += 1
    const kept = { operations: operations && new Set(operations), faults: faults && new Set(faults) }
    const result = await runHistory({ ...options, kept })
    if (result.violation?.broken !== broken) return false
    best = result
    return true
  }
  if (!(await fails()) || best === undefined) return undefined
  let operations = await smallest([...best.story.keys()], kept => fails(kept))
  const faults = await smallest(best.faults, kept => fails(operations, kept))
  // Without some fault, an operation may have become needless as well.
  operations = await smallest(operations, kept => fails(kept, faults))
  const words = [
    `--replay ${options.seed}`,
    `--keep ${operations.join(',')}`,
    `--faults '${faults.join(',')}'`,
  ]
  const { operationsMax = operationsMaxDefault } = options
  if (operationsMax !== operationsMaxDefault) words.push(`--operations-max ${operationsMax}`)
  return {
    operations,
    faults,
    story: best.story,
    violation: best.violation?.message ?? '',
    replay: `npm run simulate -- ${words.join(' ')}`,
    runs,
  }
}

/** Delta debugging: leaves out ever smaller parts of `items` while `fails` says that the rest still fails. */
export async function smallest<Item>(
  items: readonly Item[],
  fails: (kept: readonly Item[]) => Promise<boolean>,
): Promise<Item[]> {
  let kept = [...items]
  for (
    let size = Math.ceil(kept.length / 2);
    size >= 1 && kept.length > 0;
    size = size === 1 ? 0 : Math.ceil(size / 2)
  ) {
    for (let at = 0; at < kept.length; ) {
      const without = [...kept.slice(0, at), ...kept.slice(at + size)]
      if (await fails(without)) kept = without
      else at += size
    }
  }
  return kept
}
