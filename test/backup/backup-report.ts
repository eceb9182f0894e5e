/** What became of one backup. */
interface BackupRecord {
  readonly bytes: number
  readonly backupMs: number
  readonly restoreMs: number
  /** Payments that were asked for, and paid or refused, in the time that the backup took, and in as much time just before it. */
  readonly paymentsMeanwhile: number
  readonly paymentsBefore: number
  readonly windowMs: number
  /** Acknowledged before it began, and all looked for. */
  readonly acknowledged: number
  /** Asked for after it had ended, and not to be found. */
  readonly askedLater: number
  /** It holds some, and not all, of the orders that were placed while it was taken. */
  readonly cutMidway: boolean
}

/** What a backup run did and found. */
export interface BackupReport {
  readonly seed: number
  readonly records: BackupRecord[]
  /** Copies of the database file alone, which are no backups, and how many of them were found out. */
  controls: number
  controlsCaught: number
  /** Orders, payments, charges and coupons of how many customers were compared. */
  customersCompared: number
  /** What must not be: losses, inventions, broken invariants, commands that failed. */
  readonly faults: string[]
}

/** Why a run that found no fault proves nothing. */
export function blindSpots({ records, controls, controlsCaught, customersCompared }: BackupReport): string[] {
  const none = (count: (record: BackupRecord) => number) => records.every(record => count(record) === 0)
  const spots: readonly [boolean, string][] = [
    [records.length === 0, 'No backup was taken.'],
    [none(({ acknowledged }) => acknowledged), 'Nothing was acknowledged before a backup.'],
    [none(({ paymentsMeanwhile }) => paymentsMeanwhile), 'Nobody paid while a backup was taken.'],
    [none(({ askedLater }) => askedLater), 'Nothing was asked for after a backup.'],
    [customersCompared === 0, 'Nothing was compared.'],
    [controls === 0 || controlsCaught === 0, 'No copy of the file alone was found out.'],
    // Of a few, none may happen to be.
    [
      records.length >= 20 && none(({ cutMidway }) => Number(cutMidway)),
      'No backup fell between two orders.',
    ],
  ]
  return spots.flatMap(([blind, sentence]) => (blind ? [sentence] : []))
}

export function renderBackupReport(report: BackupReport): string {
  const { seed, records, controls, controlsCaught, customersCompared, faults } = report
  const sum = (count: (record: BackupRecord) => number) =>
    records.reduce((all, record) => all + count(record), 0)
  const seconds = sum(({ windowMs }) => windowMs) / 1_000
  const without = sum(({ paymentsBefore }) => paymentsBefore) / seconds
  const meanwhile = sum(({ paymentsMeanwhile }) => paymentsMeanwhile) / seconds
  const spread = (of: (record: BackupRecord) => number) => {
    const sorted = records.map(of).sort((a, b) => a - b)
    const at = (part: number) =>
      Math.round(sorted[Math.floor((sorted.length - 1) * part)] ?? 0).toLocaleString('en')
    return `${at(0)} to ${at(1)}, median ${at(0.5)}`
  }
  return [
    `seed ${seed}: ${records.length} backups under load, each restored, checked, served and compared`,
    `size in KB ${spread(({ bytes }) => bytes / 1_000)}; backup in ms ${spread(({ backupMs }) => backupMs)}; restore in ms ${spread(({ restoreMs }) => restoreMs)}`,
    `${sum(({ acknowledged }) => acknowledged)} acknowledgements from before looked for, ${sum(({ askedLater }) => askedLater)} requests from after; ` +
      `${records.filter(({ cutMidway }) => cutMidway).length} backups fell between two orders; ${customersCompared} customers compared`,
    `payments/s, refused ones as well, with a backup ${meanwhile.toFixed(0)}, without ${without.toFixed(0)}: ratio ${(meanwhile / without).toFixed(2)} (${seconds.toFixed(0)} s each, side by side)`,
    `control: ${controlsCaught} of ${controls} copies of recoup.db alone were found out`,
    ...faults.map(fault => `FAULT ${fault}`),
    ...blindSpots(report).map(sentence => `BLIND ${sentence}`),
  ].join('\n')
}
