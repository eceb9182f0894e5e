import type { Harness, Trial } from './harness.ts'

/** Whether a harness came to a verdict on the bug, and the verdict is that something is wrong. */
export const isCaught = ({ verdict }: Trial): boolean => verdict?.broken !== undefined

/** Whether a harness came to a verdict on the source as it is, and the verdict is that nothing is wrong with it. */
export const isClean = ({ verdict }: Trial): boolean => verdict !== undefined && verdict.broken === undefined

/** One trial in a few words: `M7 after 3 histories, 1.2 s`. */
export function outcomeOf({ verdict, failure, seconds }: Trial, { unit }: Harness): string {
  const time = `${seconds.toFixed(1)} s`
  if (verdict === undefined) return `NO VERDICT, ${failure}`
  if (verdict.broken === undefined) return `nothing noticed in ${verdict.after} ${unit}, ${time}`
  return `${verdict.broken} after ${verdict.after} ${unit}, ${time}`
}

/** The bugs of one harness as a table, with a last line that counts. */
export function renderTrials(trials: readonly Trial[], harness: Harness): string {
  const bugs = trials.filter(({ bug }) => bug !== undefined)
  const rows = trials.map(trial => [
    trial.bug?.name ?? '(no bug)',
    trial.verdict === undefined ? 'NO VERDICT' : (trial.verdict.broken ?? '-'),
    String(trial.verdict?.after ?? '-'),
    trial.seconds.toFixed(1),
    trial.bug?.sentence ?? 'The source as it is.',
  ])
  const troubles = trials.flatMap(trial => {
    const name = trial.bug?.name ?? 'The source as it is'
    if (trial.verdict === undefined) return [`NO VERDICT on ${name}: ${trial.failure}`]
    if (trial.bug === undefined) return isClean(trial) ? [] : [`FALSE ALARM: ${trial.verdict.what}`]
    return isCaught(trial) ? [] : [`ESCAPED ${name}: ${trial.bug.sentence}`]
  })
  return [
    ...columns([['bug', 'caught by', harness.unit, 'seconds', 'what it does'], ...rows]),
    ...troubles,
    `${bugs.filter(isCaught).length} of ${bugs.length} caught by the ${harness.name}`,
  ].join('\n')
}

function columns(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map(row => row[column]?.length ?? 0)))
  return rows.map(row =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  )
}

/** Which harness catches which bug, as a table of Markdown. */
export function renderMatrix(trials: readonly Trial[], harnesses: readonly Harness[]): string {
  const byBug = Map.groupBy(
    trials.filter(({ bug }) => bug !== undefined),
    ({ bug }) => bug,
  )
  const cell = (trial: Trial | undefined) => {
    if (trial?.verdict === undefined) return 'no verdict'
    return trial.verdict.broken?.replaceAll('|', '\\|') ?? '–'
  }
  const rows = [...byBug].map(([bug, ofBug]) => {
    const cells = harnesses.map(({ name }) => cell(ofBug.find(({ harness }) => harness === name)))
    return `| ${bug?.name} | ${bug?.sentence} | ${cells.join(' | ')} |`
  })
  const caught = harnesses.map(
    ({ name }) =>
      `${trials.filter(trial => trial.bug !== undefined && trial.harness === name && isCaught(trial)).length} of ${byBug.size}`,
  )
  return [
    `| Bug | What it does | ${harnesses.map(({ name }) => name).join(' | ')} |`,
    `|---|---|${harnesses.map(() => '---|').join('')}`,
    ...rows,
    `| caught | | ${caught.join(' | ')} |`,
  ].join('\n')
}
