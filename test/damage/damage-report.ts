/** What became of the damages of one class. */
export interface ClassReport {
  /** Such as `flip of ledger_lines.amount`. */
  readonly name: string
  /** Whether each has to be noticed. */
  readonly promised: boolean
  damages: number
  /** Noticed when the product read it. */
  byReading: number
  /** Not when it was read, but as an altered row (E7) by the check. */
  byChecksum: number
  /** By another invariant of the check, by name. */
  byRelation: Record<string, number>
  unnoticed: number
}

export interface DamageReport {
  seed: number
  payments: number
  rows: Record<string, number>
  /** Draws that came to nothing: what was exchanged was alike, or SQLite refused it. */
  drawnInVain: number
  classes: ClassReport[]
  /** Errors that a reader met which do not say that something is damaged. */
  otherErrors: number
  /** Damages of ledger rows for which the check was asked for the first bad row, and how often it named it. */
  firstBadAsked: number
  firstBadNamed: number
  /** Flips in a column that no checksum covers, and how many were noticed; none can be. */
  control: { flips: number; noticed: number }
  /** Flips of a bit of the file itself, by what came of them. */
  file: Record<string, number>
}

export function faultsOf(report: DamageReport): string[] {
  const { classes, control, firstBadAsked, firstBadNamed, otherErrors } = report
  const damages = classes.reduce((sum, ofClass) => sum + ofClass.damages, 0)
  const faults: [boolean, string][] = [
    ...classes.map(
      ({ name, promised, unnoticed }) =>
        [promised && unnoticed > 0, `${unnoticed} of the class ${name} were not noticed.`] as [
          boolean,
          string,
        ],
    ),
    [
      control.noticed > 0,
      `${control.noticed} flips that nothing covers were noticed: the harness sees ghosts.`,
    ],
    [control.flips === 0, 'There was no control.'],
    [
      firstBadNamed < firstBadAsked,
      `The check named another row first in ${firstBadAsked - firstBadNamed} cases.`,
    ],
    [firstBadAsked === 0, 'The check was never asked for the first bad row.'],
    [otherErrors > 0, `${otherErrors} readers met an error that does not say that something is damaged.`],
    [damages === 0, 'Nothing was damaged.'],
  ]
  return faults.flatMap(([faulty, sentence]) => (faulty ? [sentence] : []))
}

export function renderDamageReport(report: DamageReport): string {
  const { seed, payments, rows, classes, control, file } = report
  const total = (count: (ofClass: ClassReport) => number) =>
    classes.reduce((sum, ofClass) => sum + count(ofClass), 0)
  const of = (...promised: boolean[]) => classes.filter(ofClass => promised.includes(ofClass.promised))
  const lines = (list: readonly ClassReport[]) =>
    list.map(({ name, damages, byReading, byChecksum, byRelation, unnoticed }) => {
      const relations = Object.entries(byRelation).map(([names, times]) => `${times} by ${names}`)
      const found = [`${byReading} when read`, `${byChecksum} by E7`, ...relations].join(', ')
      return `  ${name.padEnd(42)} ${String(damages).padStart(5)}: ${found}, ${unnoticed} unnoticed`
    })
  const stored = Object.entries(rows).map(([table, count]) => `${count} ${table}`)
  return [
    `seed ${seed}: ${payments} orders, ${stored.join(', ')}`,
    `${total(({ damages }) => damages)} damaged rows: ${total(({ byReading }) => byReading)} noticed when read, ` +
      `${total(({ byChecksum }) => byChecksum)} by the check of checksums, ` +
      `${total(({ byRelation }) => Object.values(byRelation).reduce((sum, times) => sum + times, 0))} by a relation, ` +
      `${total(({ unnoticed }) => unnoticed)} unnoticed (${report.drawnInVain} draws came to nothing)`,
    'promised to be noticed:',
    ...lines(of(true)),
    'not promised:',
    ...lines(of(false)),
    `the check named the first bad ledger row in ${report.firstBadNamed} of ${report.firstBadAsked} cases`,
    `control, products.name: ${control.noticed} of ${control.flips} flips noticed`,
    ...(Object.keys(file).length > 0 ? ['one bit of the file:'] : []),
    ...Object.entries(file).map(([outcome, times]) => `  ${String(times).padStart(5)} ${outcome}`),
    ...faultsOf(report).map(fault => `FAULT ${fault}`),
  ].join('\n')
}
