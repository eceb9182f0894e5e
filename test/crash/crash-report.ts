/** What a run of one kind of crash did and found. */
export interface CrashReport {
  readonly title: string
  /** What happened, and how often; one line each. */
  readonly figures: readonly string[]
  /** What must not be: losses, broken invariants, answers that should not have been given. */
  readonly faults: readonly string[]
  /** Why this run would prove nothing even without a fault. */
  readonly blindSpots: readonly string[]
}

/** Whether the run found nothing and could have found something. */
export function isClean({ faults, blindSpots }: CrashReport): boolean {
  return faults.length === 0 && blindSpots.length === 0
}

export function renderCrashReport(report: CrashReport): string {
  const { title, figures, faults, blindSpots } = report
  return [
    title,
    ...figures.map(figure => `  ${figure}`),
    ...faults.map(fault => `FAULT ${fault}`),
    ...blindSpots.map(sentence => `BLIND ${sentence}`),
    isClean(report) ? 'nothing lost, nothing invented' : 'NOT SHOWN: see above',
  ].join('\n')
}

/** The sentences whose condition holds. */
export function sentencesOf(spots: readonly (readonly [boolean, string])[]): string[] {
  return spots.flatMap(([holds, sentence]) => (holds ? [sentence] : []))
}
